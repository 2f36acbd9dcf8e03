package io.pekkoraft.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/**
 * Rows under their headings, as wide as they must be. A column whose values are all numbers stands
 * to the right. Colours only on a terminal, and not if {@code NO_COLOR} is set.
 */
final class Table {
  private static final String NOTHING = "-";
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<Row> rows = new ArrayList<>();

  private record Row(List<String> cells, String style) {}

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** One more row; what is {@code null} or empty shows as a dash. */
  Table row(Object... cells) {
    return styled("", cells);
  }

  /**
   * As above.
   *
   * @param style as picocli knows it, such as {@code bold}; empty for none
   */
  Table styled(String style, Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells under " + headings);
    }
    var texts = new ArrayList<String>();
    for (var cell : cells) {
      var text = cell == null ? "" : printable(cell.toString());
      texts.add(text.isEmpty() ? NOTHING : text);
    }
    rows.add(new Row(texts, style));
    return this;
  }

  /** What a terminal would take for more than a letter was put there by somebody else. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  void print(PrintWriter out) {
    out.println(paint("bold", line(headings)));
    rows.forEach(row -> out.println(paint(row.style(), line(row.cells()))));
  }

  private static String paint(String style, String text) {
    return style.isEmpty() || !Ansi.AUTO.enabled()
        ? text
        : Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style));
  }

  private String line(List<String> cells) {
    var line = new StringBuilder();
    for (var column = 0; column < cells.size(); column++) {
      var cell = cells.get(column);
      var padding = " ".repeat(width(column) - cell.length());
      line.append(column == 0 ? "" : GAP)
          .append(isNumeric(column) ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    var widest = rows.stream().mapToInt(row -> row.cells().get(column).length()).max().orElse(0);
    return Math.max(widest, headings.get(column).length());
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .map(row -> row.cells().get(column))
        .allMatch(cell -> cell.equals(NOTHING) || isNumber(cell));
  }

  private static boolean isNumber(String cell) {
    return IntStream.range(0, cell.length()).allMatch(i -> Character.isDigit(cell.charAt(i)));
  }
}
