package io.pekkoraft;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** For tests in which disks fail all the time, and peers say so at length. */
public final class QuietLogs implements BeforeEachCallback, AfterEachCallback {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  @Override
  public void beforeEach(ExtensionContext context) {
    root.setLevel(Level.OFF);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    root.setLevel(before);
  }
}
