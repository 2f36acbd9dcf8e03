package io.pekkoraft.dashboard;

import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.serialization.PekkoCommandCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.serialization.Serialization;

/** What the entries of a log say, in a few words, if somebody knows. For one thread. */
final class Labels {
  static final int MOST_CHARACTERS = 48;

  /** What is larger is not unpacked, only to be looked at. */
  private static final int MOST_BYTES = 4096;

  private static final int MOST_KNOWN = 1024;

  private final PekkoCommandCodec codec;
  private final Function<Object, Optional<String>> words;

  private final Map<At, Optional<String>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<At, Optional<String>> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record At(LogIndex index, Term term) {}

  /**
   * @param words for a command; empty if there are none
   */
  Labels(Serialization serialization, Function<Object, Optional<String>> words) {
    this.codec = new PekkoCommandCodec(serialization);
    this.words = words;
  }

  Optional<String> of(LogIndex index, Entry entry) {
    return known.computeIfAbsent(new At(index, entry.term()), first -> of(entry));
  }

  private Optional<String> of(Entry entry) {
    if (entry.kind() != Entry.Kind.COMMAND || entry.payload().size() > MOST_BYTES) {
      return Optional.empty();
    }
    try {
      return words.apply(codec.decode(entry.payload())).map(Labels::printable);
    } catch (RuntimeException e) {
      return Optional.empty(); // Written by another version, perhaps; the peers know.
    }
  }

  /** Short, and without what is no character to be seen. */
  static String printable(String text) {
    var visible =
        text.codePoints()
            .limit(MOST_CHARACTERS)
            .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '\u00B7' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    return text.codePointCount(0, text.length()) > MOST_CHARACTERS
        ? visible + "\u2026"
        : visible.toString();
  }
}
