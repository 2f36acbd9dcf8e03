/**
 * Judges what clients saw: whether a history of calls and returns can be explained by a state
 * machine that runs them one by one. It knows nothing of peers and logs, nor of the simulator, and
 * judges the history of a real cluster as well.
 */
package io.pekkoraft.testkit.linearizability;
