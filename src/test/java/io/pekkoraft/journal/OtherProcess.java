package io.pekkoraft.journal;

import java.nio.file.Path;

/** Opens a directory in a process of its own, and tells what came of it. */
final class OtherProcess {
  private OtherProcess() {}

  public static void main(String[] arguments) {
    try (Store store = StoreFixture.open(Path.of(arguments[0]))) {
      System.out.println("opened, with " + store.syncedWrites() + " writes");
    } catch (JournalException.NotOpened e) {
      System.out.println(e.getMessage());
    }
  }
}
