package io.pekkoraft.apply;

import io.pekkoraft.model.Bytes;
import java.nio.charset.StandardCharsets;

/** Commands that are strings; "unreadable" can be written and not read. */
public final class TextCodec implements CommandCodec {
  @Override
  public Bytes encode(Object command) {
    return Bytes.wrap(((String) command).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Object decode(Bytes payload) {
    var text = StandardCharsets.UTF_8.decode(payload.buffer()).toString();
    if (text.equals("unreadable")) {
      throw new IllegalArgumentException("no such class");
    }
    return text;
  }
}
