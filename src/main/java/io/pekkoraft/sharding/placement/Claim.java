package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;

/**
 * What a node says of its disk, for one type. Each node has one claim, and no other node changes
 * it.
 *
 * @param replica of the node
 * @param version of the placement that is kept on the disk; 0 when there is none
 * @param runs whether the node has begun its peers
 * @param node its name as a member of the cluster: another one after each start
 */
record Claim(Disk disk, PeerId replica, int version, boolean runs, String node) {
  private static final String RUNS = "runs";
  private static final String WAITS = "waits";

  /**
   * @throws IllegalArgumentException when it is none
   */
  static Claim parse(String text) {
    var parts = text.split(" ", 5);
    if (parts.length != 5 || !(parts[3].equals(RUNS) || parts[3].equals(WAITS))) {
      throw new IllegalArgumentException("\"" + text + "\" is no claim to a disk.");
    }
    return new Claim(
        new Disk(parts[0]),
        PeerId.of(parts[1]),
        Integer.parseInt(parts[2]),
        parts[3].equals(RUNS),
        parts[4]);
  }

  @Override
  public String toString() {
    return disk + " " + replica + " " + version + " " + (runs ? RUNS : WAITS) + " " + node;
  }
}
