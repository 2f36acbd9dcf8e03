package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;

/**
 * Where a disk is now.
 *
 * @param replica of the node that has it
 * @param node its unique address: another one after each start
 */
record Berth(PeerId replica, String node) {
  static Berth parse(String text) {
    var space = text.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException("\"" + text + "\" is no replica and node.");
    }
    return new Berth(PeerId.of(text.substring(0, space)), text.substring(space + 1));
  }

  @Override
  public String toString() {
    return replica + " " + node;
  }
}
