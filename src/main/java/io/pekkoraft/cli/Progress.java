package io.pekkoraft.cli;

import java.io.PrintWriter;

/** A bar that grows in place, on the error output, where it is wanted. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final boolean isShown;
  private long total;
  private long done;
  private int shown = -1;

  Progress(PrintWriter out, boolean isShown) {
    this.out = out;
    this.isShown = isShown;
  }

  /** So much more is to be done, in bytes. */
  void expect(long bytes) {
    total += bytes;
  }

  /** So much more is done. */
  void did(long bytes, String what) {
    done += bytes;
    var percent = (int) Math.min(100, total == 0 ? 100 : done * 100 / total);
    if (isShown && percent != shown) {
      shown = percent;
      var filled = WIDTH * percent / 100;
      out.printf(
          "\r[%s%s] %3d %%  %-24.24s",
          "#".repeat(filled), " ".repeat(WIDTH - filled), percent, what);
      out.flush();
    }
  }

  @Override
  public void close() {
    if (isShown && shown >= 0) {
      out.print("\r" + " ".repeat(WIDTH + 35) + "\r");
      out.flush();
    }
  }
}
