package io.pekkoraft.snapshot.file;

import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotException.Missing;
import io.pekkoraft.snapshot.SnapshotException.NotOpened;
import io.pekkoraft.snapshot.SnapshotException.NotWritten;
import io.pekkoraft.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The errors of a directory of snapshots: which file, what is wrong, what to do. */
final class Problems {
  private Problems() {}

  static Damaged damaged(Path file, String how) {
    return new Damaged(
        "the snapshot ["
            + file
            + "] "
            + how
            + "; put back an undamaged copy. Or let the others make the peer anew: remove it from"
            + " the group, start its node with an empty directory, and add it",
        null);
  }

  static Damaged unreadable(Path file, IOException cause) {
    return new Damaged(
        "the snapshot ["
            + file
            + "] can't be read: "
            + cause
            + "; check the disk and who may read the file",
        cause);
  }

  static Damaged notAsAnnounced(Path file, String how) {
    return new Damaged(
        "what was received into ["
            + file
            + "] "
            + how
            + "; it is deleted, and the leader sends the snapshot anew",
        null);
  }

  static NotWritten notWritten(Path file, IOException cause) {
    return new NotWritten(
        "the snapshot ["
            + file
            + "] can't be written: "
            + cause
            + " ("
            + freeBytes(file)
            + " bytes are free); it is given up, earlier ones are as they were. Make room if the"
            + " disk is full, and check it otherwise",
        cause);
  }

  private static String freeBytes(Path file) {
    try {
      return Long.toString(Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace());
    } catch (IOException e) {
      return "an unknown number of";
    }
  }

  static Missing missing(Path directory, SnapshotId id) {
    return new Missing(
        "there is no snapshot "
            + id
            + " in ["
            + directory
            + "]; if the journal points at it, the directory and the journal do not belong"
            + " together: put back the ones that do");
  }

  static NotOpened inUse(Path directory) {
    return new NotOpened(
        "the directory ["
            + directory
            + "] is in use by another process, or by another peer of this one; give each peer its"
            + " own",
        null);
  }

  static NotOpened notOpened(Path directory, IOException cause) {
    return new NotOpened("the directory [" + directory + "] can't be used: " + cause, cause);
  }
}
