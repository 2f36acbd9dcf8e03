package io.pekkoraft.sharding.placement;

import java.util.Optional;
import org.apache.pekko.actor.Address;

/**
 * A disk that holds peers, for those who look.
 *
 * @param node that has it now; empty while it is away
 * @param joined whether it took the place of a lost one
 */
public record DiskStatus(String disk, Optional<Address> node, boolean joined) {}
