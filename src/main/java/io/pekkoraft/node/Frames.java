package io.pekkoraft.node;

import com.typesafe.config.Config;

/**
 * How large a message between nodes may be; Artery drops what is larger.
 *
 * @param ordinary bytes of a message
 * @param largest bytes of one to the gate for large messages
 * @param setting what to raise if that is too little
 */
record Frames(int ordinary, int largest, String setting) {
  private static final String ARTERY = "pekko.remote.artery.";
  private static final String ORDINARY = ARTERY + "advanced.maximum-frame-size";
  private static final String LARGE = ARTERY + "advanced.maximum-large-frame-size";

  static Frames of(Config config) {
    var ordinary = (int) Math.min(config.getBytes(ORDINARY), Integer.MAX_VALUE);
    var hasLargeGate =
        config
            .getStringList(ARTERY + "large-message-destinations")
            .contains("/system/" + Post.LARGE_GATE);
    return hasLargeGate
        ? new Frames(ordinary, (int) Math.min(config.getBytes(LARGE), Integer.MAX_VALUE), LARGE)
        : new Frames(
            ordinary, ordinary, ORDINARY + ", or include \"pekko-raft-node\" in your settings");
  }

  /**
   * @param what a setting
   * @throws IllegalArgumentException when so many bytes do not fit
   */
  void requireRoomFor(String what, long bytes) {
    if (bytes + Post.SLACK > largest) {
      throw new IllegalArgumentException(
          what
              + " = "
              + bytes
              + " bytes: between nodes it is at most "
              + (largest - Post.SLACK)
              + ". Lower it, or raise "
              + setting
              + ".");
    }
  }
}
