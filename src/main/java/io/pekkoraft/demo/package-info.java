/**
 * A replicated key-value store to try the library with, and an example of how to use it: {@link
 * io.pekkoraft.demo.KeyValue} is the state machine, {@link io.pekkoraft.demo.KeyValueRoute} offers
 * it over HTTP, {@link io.pekkoraft.demo.Demo} runs three peers of it in one process.
 *
 * <pre>
 *   curl ──▶ KeyValueRoute ──▶ RaftGroup "kv": p1, p2, p3 ──▶ KeyValue ──▶ ETag: "42"
 * </pre>
 *
 * <p>May use: what a user of the library may, and {@code http}.
 */
package io.pekkoraft.demo;
