package io.pekkoraft.mutants;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Where a mutant plays: the stories as its own loader defines them. */
final class Stage {
  private final MutantLoader loader;
  private final Map<String, LongFunction<String>> stories = new TreeMap<>();

  Stage(Mutant mutant) {
    loader = new MutantLoader(mutant);
    try {
      for (var story : loader.loadClass(Story.class.getName()).getEnumConstants()) {
        @SuppressWarnings("unchecked") // That is what a story is, whoever has defined it.
        var playable = (LongFunction<String>) story;
        stories.put(((Enum<?>) story).name(), playable);
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What an oracle says to the story under this seed; null if it has nothing to say. */
  String play(Story story, long seed) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    // Pekko finds the journal, the scheduler and the serializers of a simulated node through it.
    thread.setContextClassLoader(loader);
    try {
      return stories.get(story.name()).apply(seed);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
