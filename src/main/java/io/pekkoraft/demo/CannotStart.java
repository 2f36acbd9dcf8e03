package io.pekkoraft.demo;

/** Why the demo does not start, in one line that says what to do about it. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
