package io.pekkoraft.sharding.joining;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.sharding.joining.Decision.MakeRoom;
import io.pekkoraft.sharding.joining.Decision.Nothing;
import io.pekkoraft.sharding.joining.Decision.TooFew;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For how long members may be away before they make room for somebody who waits. */
class PatienceTest {
  private static final long LIMIT = 5;

  private static Address address(int number) {
    return new Address("pekko", "shop", "10.0.0." + number, 7400);
  }

  private static UniqueAddress node(int number) {
    return UniqueAddress.apply(address(number), 100L + number);
  }

  private static SortedSet<Address> addresses(Integer... numbers) {
    var all = new TreeSet<>(Patience.BY_ADDRESS);
    Arrays.stream(numbers).map(PatienceTest::address).forEach(all::add);
    return all;
  }

  private static Patience of(int self) {
    return new Patience(node(self), LIMIT);
  }

  /** Members 1, 2 and so on, by a word for each. */
  private static List<Seen> members(String words) {
    var all = words.split(" ");
    return IntStream.range(0, all.length).mapToObj(i -> seen(i + 1, all[i])).toList();
  }

  private static Seen seen(int number, String word) {
    var isAway = word.startsWith("-");
    return new Seen(node(number), status(isAway ? word.substring(1) : word), !isAway);
  }

  private static MemberStatus status(String word) {
    return switch (word) {
      case "up" -> MemberStatus.up();
      case "joining" -> MemberStatus.joining();
      case "weaklyUp" -> MemberStatus.weaklyUp();
      case "leaving" -> MemberStatus.leaving();
      case "exiting" -> MemberStatus.exiting();
      case "down" -> MemberStatus.down();
      default -> throw new IllegalArgumentException(word);
    };
  }

  private static Decision afterLimit(Patience patience, String words) {
    patience.decide(members(words), 0);
    return patience.decide(members(words), LIMIT);
  }

  /** A minus is before who can't be reached; n1 looks. */
  @ParameterizedTest(name = "{0}")
  @DisplayName("who can't be reached makes room when somebody waits and most are heard from")
  @CsvSource({
    "up -down -up,              3",
    "up joining up -up,         4",
    "up up -up weaklyUp,        3",
    "up joining joining -up -up,4 5",
    "up leaving -up -down,      3",
    "up -down up -joining,      4",
    "up -down -leaving,         3",
    "up -down -up exiting,      3",
    "up -down up up -up -up,    5 6"
  })
  void makesRoom(String words, String away) {
    var numbers = Arrays.stream(away.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);
    assertThat(afterLimit(of(1), words))
        .isInstanceOfSatisfying(
            MakeRoom.class, room -> assertThat(room.away()).isEqualTo(addresses(numbers)));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("who may be the smaller part of the nodes takes nobody out")
  @CsvSource({
    "up joining -up -up,        2, 4",
    "up -down -up -up,          2, 4",
    "up -down -up -up -up,      2, 5",
    "up joining -up -up -up,    2, 5",
    "up -down -up -joining,     2, 4"
  })
  void tooFew(String words, int heard, int all) {
    assertThat(afterLimit(of(1), words))
        .isInstanceOfSatisfying(
            TooFew.class,
            few -> {
              assertThat(few.heard()).isEqualTo(heard);
              assertThat(few.all()).isEqualTo(all);
            });
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName(
      "while nobody waits, members may be away for ever; nor has who waits to wait for them")
  @CsvSource({
    "up up -up",
    "up -up -up",
    "up up -joining",
    "up up -weaklyUp",
    "up joining up",
    "up -down up",
    "up -down -down",
    "up joining -exiting"
  })
  void nobodyIsHeldUp(String words) {
    assertThat(afterLimit(of(1), words)).isEqualTo(new Nothing());
  }

  @Test
  @DisplayName("of those that are up and can be reached the one with the lowest address decides")
  void lowestDecides() {
    assertThat(afterLimit(of(2), "-up up joining up")).isInstanceOf(MakeRoom.class);
    assertThat(afterLimit(of(4), "-up up joining up")).isEqualTo(new Nothing());
    assertThat(afterLimit(of(3), "-up up joining up")).isEqualTo(new Nothing());
    assertThat(afterLimit(of(2), "leaving up joining -up")).isInstanceOf(MakeRoom.class);
    assertThat(afterLimit(of(1), "leaving up joining -up")).isEqualTo(new Nothing());
  }

  @Test
  @DisplayName("not before they have been waited for as long as the setting says")
  void waits() {
    var patience = of(1);
    assertThat(patience.decide(members("up up -up"), 0)).isEqualTo(new Nothing());
    assertThat(patience.decide(members("up -down -up"), 100)).isEqualTo(new Nothing());
    assertThat(patience.decide(members("up -down -up"), 104)).isEqualTo(new Nothing());
    assertThat(patience.decide(members("up -down -up"), 105))
        .isEqualTo(new MakeRoom(addresses(3), addresses(2)));
  }

  @Test
  @DisplayName("counted anew when nobody has waited meanwhile, or the one who is away was back")
  void countsAnew() {
    for (var meanwhile : List.of("up up up -up", "up joining up up")) {
      var patience = of(1);
      patience.decide(members("up joining up -up"), 0);
      assertThat(patience.decide(members(meanwhile), 3)).isEqualTo(new Nothing());
      assertThat(patience.decide(members("up joining up -up"), 6)).isEqualTo(new Nothing());
      assertThat(patience.decide(members("up joining up -up"), 10)).isEqualTo(new Nothing());
      assertThat(patience.decide(members("up joining up -up"), 11)).isInstanceOf(MakeRoom.class);
    }
  }

  @Test
  @DisplayName("who came to be away only now is waited for on its own")
  void eachOnItsOwn() {
    var patience = of(1);
    patience.decide(members("up joining up up -up"), 0);
    patience.decide(members("up joining up -up -up"), 4);
    assertThat(patience.decide(members("up joining up -up -up"), 5))
        .isEqualTo(new MakeRoom(addresses(5), addresses(2)));
    assertThat(patience.decide(members("up joining up -up -down"), 6)).isEqualTo(new Nothing());
    assertThat(patience.decide(members("up joining up -up -down"), 9))
        .isEqualTo(new MakeRoom(addresses(4), addresses(2)));
  }

  @Test
  @DisplayName("who has made room neither waits nor counts among those that are heard from")
  void madeRoom() {
    var patience = of(1);
    assertThat(afterLimit(patience, "up joining up -up -up")).isInstanceOf(MakeRoom.class);
    // Before they are removed, the one who waited is away, too, and so is another.
    patience.decide(members("up -joining -up -down -down"), 10);
    assertThat(patience.decide(members("up -joining -up -down -down"), 20))
        .isEqualTo(new Nothing());
    patience.decide(members("up joining -up -down -down"), 30);
    assertThat(patience.decide(members("up joining -up -down -down"), 40))
        .isEqualTo(new MakeRoom(addresses(3), addresses(2)));
  }

  @Test
  @DisplayName("two lives under one address are one node")
  void oneAddress() {
    var lives =
        List.of(
            seen(1, "up"),
            new Seen(UniqueAddress.apply(address(2), 1L), MemberStatus.down(), false),
            new Seen(UniqueAddress.apply(address(2), 2L), MemberStatus.joining(), true),
            seen(3, "-up"),
            seen(4, "-up"));
    var patience = of(1);
    patience.decide(lives, 0);
    assertThat(patience.decide(lives, LIMIT))
        .isEqualTo(new TooFew(addresses(3, 4), addresses(2), 2, 4));
  }
}
