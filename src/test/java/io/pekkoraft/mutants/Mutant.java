package io.pekkoraft.mutants;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A mistake that somebody could make, or has made, in our own source.
 *
 * @param name what the peer does wrong
 * @param breaks the rule: a section of the paper or of the thesis, or a promise of ours
 * @param story what catches it
 */
record Mutant(String name, String breaks, Story story, List<Edit> edits) {
  /**
   * @param file below {@code io/pekkoraft}
   * @param text what stands there exactly once; a blank stands for any white space
   */
  record Edit(String file, String text, String replacement) {
    private String in(String source) {
      var words = Arrays.stream(text.split(" ")).map(Pattern::quote);
      var found = Pattern.compile(words.collect(Collectors.joining("\\s+"))).matcher(source);
      var count = found.results().count();
      if (count != 1) {
        throw new IllegalStateException(file + " has this " + count + " times, not once: " + text);
      }
      return found.replaceFirst(Matcher.quoteReplacement(replacement));
    }
  }

  static Mutant mutant(String name, String breaks, Story story, Edit... edits) {
    return new Mutant(name, breaks, story, List.of(edits));
  }

  static Edit edit(String file, String text, String replacement) {
    return new Edit(file, text, replacement);
  }

  /**
   * The files that it changes, as it has them.
   *
   * @param source reads a file as it is
   */
  Map<String, String> patched(UnaryOperator<String> source) {
    var patched = new LinkedHashMap<String, String>();
    for (var edit : edits) {
      try {
        patched.compute(
            edit.file(), (file, before) -> edit.in(before == null ? source.apply(file) : before));
      } catch (IllegalStateException e) {
        throw new IllegalStateException("The mutant \"" + name + "\" needs mending.", e);
      }
    }
    return patched;
  }

  @Override
  public String toString() {
    return name;
  }
}
