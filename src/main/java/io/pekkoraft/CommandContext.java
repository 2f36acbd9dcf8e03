package io.pekkoraft;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;

/**
 * Where in the log a command stands: the same on every peer, so a handler may use it (as a version
 * number, for example).
 */
public record CommandContext(LogIndex index, Term term) {}
