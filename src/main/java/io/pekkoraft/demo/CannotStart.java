package io.pekkoraft.demo;

/** Why the demo does not start, in one line that says what to do about it. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  CannotStart(String message, Throwable cause) {
    super(message, cause);
  }

  /** What the operating system said, without the address that Java puts in front of it. */
  static String reason(Throwable failure) {
    var root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).replaceFirst("^\\[.*?\\] ", "");
  }
}
