package io.pekkoraft.sharding.placement;

/** The shards of this node's peers. */
interface PeerShards {
  /** Starts the peer of a group here, unless it runs. */
  void start(int group);

  /**
   * Ends all peers here, so that they can begin elsewhere: for good, until the node starts anew.
   */
  void leave();
}
