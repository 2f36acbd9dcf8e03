package io.pekkoraft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * What is on disk and on the wire today, in hex: it must be readable for ever. A new record's file
 * is written with {@code -Dgolden=write}, and none is ever changed.
 */
public final class Golden {
  private static final Path ALL = Path.of("src/test/resources/golden");

  private Golden() {}

  /**
   * What the file of that name holds.
   *
   * @param now what it becomes, if it is to be written and there is none
   */
  public static byte[] of(String name, byte[] now) {
    var file = ALL.resolve(name.replace('/', '.') + ".hex");
    try {
      if ("write".equals(System.getProperty("golden")) && Files.notExists(file)) {
        Files.createDirectories(ALL);
        Files.writeString(file, HexFormat.of().formatHex(now) + "\n");
      }
      return HexFormat.of().parseHex(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
