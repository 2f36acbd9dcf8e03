package io.pekkoraft.client;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * All that a client is made of.
 *
 * @param group whose client it is, for what it says
 * @param settings its bounds and its patience, and for how long the peers keep a session
 * @param nanoTime a monotonic clock, in nanoseconds
 * @param random what spreads the clients that ask again
 */
public record ClientSetup(
    String group,
    SortedSet<PeerId> peers,
    RaftSettings settings,
    PeerAccess access,
    LongSupplier nanoTime,
    RandomGenerator random) {}
