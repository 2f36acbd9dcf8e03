/**
 * The group in a browser: a page of plain files, and what it shows, live as server-sent events.
 * {@link io.pekkoraft.dashboard.Dashboard} is the way in; {@code docs/dashboard.md} tells what each
 * thing on the page means.
 *
 * <pre>
 *   peers ── RaftTap ──▶ Flights ─┐
 *   peers ── RaftEvent ───────────┼─▶ Lookout ─▶ Viewer (bounded) ─▶ EventsRoute ─▶ browser
 *   peers ◀─ Inspect, GetStatus ──┘   (asks only while somebody looks on)
 * </pre>
 *
 * <p>May use: the front door, {@code model}, {@code protocol}, {@code serialization} and {@code
 * http}; Pekko HTTP. Nobody depends on it but {@code demo} and whoever else serves it.
 */
package io.pekkoraft.dashboard;
