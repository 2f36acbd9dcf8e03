package io.pekkoraft.node;

/**
 * What a node has not delivered, since it started. None of it changed anything.
 *
 * @param strangers messages from a node or a peer that is not where it says to be
 * @param notHere messages for a peer that does not run here, or of a group that is not known here
 * @param late answers that nobody waits for any more, and copies of questions
 * @param malformed what could not be read, or broke who was to read it
 */
public record NodeCounters(long strangers, long notHere, long late, long malformed) {}
