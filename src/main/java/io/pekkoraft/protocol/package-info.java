/**
 * Everything that can land in a peer's mailbox, as records: from other peers (Figure 2, thesis
 * §9.6), from clients, and from the peer itself (its timers and its store). Sealed, so that every
 * role must say what it does with each.
 *
 * <pre>
 *                    RaftMessage
 *          ┌──────────────┼──────────────┐
 *     PeerMessage   ClientMessage   SelfMessage
 * </pre>
 *
 * <p>May use: {@code model}, {@code membership}, {@code session}'s names and numbers, the public
 * types of {@code io.pekkoraft}, Pekko's {@code ActorRef}.
 */
package io.pekkoraft.protocol;
