/**
 * Client sessions: each command takes effect at most once, however often it is sent (thesis §6.3).
 * A client opens a session, numbers its commands, and repeats those whose answer it did not get;
 * the table of sessions is replicated with the state, so that every leader knows what was applied.
 *
 * <pre>
 *                 decide                        applied
 *   SerialNumber ────────▶ APPLY ─▶ the state machine ─▶ its reply is remembered
 *                    ├───▶ ALREADY        here is the remembered reply
 *                    ├───▶ STALE          applied, and the client discarded the reply long ago
 *                    ├───▶ TOO_FAR_AHEAD  not applied: too many are unanswered
 *                    └───▶ EXPIRED        not applied now, perhaps before; never reopened
 * </pre>
 *
 * <p>What is decided depends on the log alone: time and limits travel in its entries. Pure.
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.session;
