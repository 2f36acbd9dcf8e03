/**
 * Two applications to try the library with, and examples of how to use it.
 *
 * <p>A replicated key-value store: {@link io.pekkoraft.demo.KeyValue} is the state machine, {@link
 * io.pekkoraft.demo.KeyValueRoute} offers it over HTTP, {@link io.pekkoraft.demo.Demo} runs three
 * peers of it in one process.
 *
 * <pre>
 *   curl ──▶ KeyValueRoute ──▶ RaftGroup "kv": p1, p2, p3 ──▶ KeyValue ──▶ ETag: "42"
 * </pre>
 *
 * <p>A ticket office: {@link io.pekkoraft.demo.TicketOffice} is a replicated entity, its plain twin
 * the same over a database; {@link io.pekkoraft.demo.TicketOfficeDemo} runs three nodes of both in
 * one process, to be killed while a probe asks them.
 *
 * <pre>
 *                                        ┌▶ TicketOffice ──────▶ a majority of n1, n2, n3
 *   page ──▶ TicketOfficeRoute ──▶ Shows ┤
 *                                        └▶ PlainTicketOffice ─▶ TicketDatabase
 * </pre>
 *
 * <p>May use: what a user of the library may, and {@code http}; the twin, Pekko's persistence; the
 * nodes of the ticket office, Pekko's cluster.
 */
package io.pekkoraft.demo;
