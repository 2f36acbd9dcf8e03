/**
 * The nouns of Raft (§5, Figure 2): who a peer is, terms, indexes, entries. Immutable values that
 * know how to compare themselves, and nothing of actors, clocks or storage.
 *
 * <p>May use: the JDK.
 */
package io.pekkoraft.model;
