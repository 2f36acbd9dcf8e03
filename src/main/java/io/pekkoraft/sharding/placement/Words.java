package io.pekkoraft.sharding.placement;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.event.Level;

/**
 * What a node says in its log, to whoever waits for it or looks after it: at once if it is news,
 * and now and then as long as it is so. Time goes by looks, one a second.
 */
final class Words {
  static final int LOOKS_BETWEEN = 10;

  private final BiConsumer<Level, String> log;
  private final Map<Topic, Said> said = new EnumMap<>(Topic.class);
  private final Map<Topic, Integer> lasting = new EnumMap<>(Topic.class);
  private int looks;

  /** What a word is about; each has its own news. */
  enum Topic {
    VERDICT,
    DISK_IN_USE,
    RIVALS,
    NOT_UP,
    AWAY
  }

  private record Said(String word, int look) {}

  Words(BiConsumer<Level, String> log) {
    this.log = log;
  }

  /** Another second has gone by. */
  void look() {
    looks++;
  }

  void say(Topic topic, Level level, String word) {
    var last = said.get(topic);
    if (last == null || !last.word().equals(word) || looks - last.look() >= LOOKS_BETWEEN) {
      log.accept(level, word);
      said.put(topic, new Said(word, looks));
    }
  }

  /**
   * Warns of what passes by itself, most often: when it has been so for ten looks, and each ten
   * again. Called at each look.
   *
   * @param word empty when all is well
   */
  void sayIfItLasts(Topic topic, Optional<String> word) {
    if (word.isEmpty()) {
      lasting.remove(topic);
    } else if (lasting.merge(topic, 1, Integer::sum) % LOOKS_BETWEEN == 0) {
      log.accept(Level.WARN, word.get());
    }
  }
}
