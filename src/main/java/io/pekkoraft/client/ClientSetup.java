package io.pekkoraft.client;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that a client is made of.
 *
 * @param group whose client it is, for what it says
 * @param peers who may be asked now, one at least: some may join later
 * @param settings its bounds and its patience, and for how long the peers keep a session
 * @param nanoTime a monotonic clock, in nanoseconds
 * @param random what spreads the clients that ask again
 */
public record ClientSetup(
    String group,
    Supplier<List<PeerId>> peers,
    RaftSettings settings,
    PeerAccess access,
    LongSupplier nanoTime,
    RandomGenerator random) {}
