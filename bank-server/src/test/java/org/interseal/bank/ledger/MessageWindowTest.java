package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.interseal.bank.ledger.MessageWindow.Place;
import org.junit.jupiter.api.Test;

class MessageWindowTest {
  @Test
  void countsWithoutGapsInOneNumber() {
    MessageWindow window = MessageWindow.EMPTY;
    for (long number = 1; number <= 5_000; number++) {
      window = window.take(number);
    }
    assertThat(window).isEqualTo(new MessageWindow(5_000, BigInteger.ZERO));
  }

  @Test
  void takesGapsLateButOnce() {
    MessageWindow window = MessageWindow.EMPTY.take(5);
    assertThat(window.placeOf(3)).isEqualTo(Place.FRESH);
    MessageWindow filled = window.take(3);
    assertThat(filled.placeOf(3)).isEqualTo(Place.SEEN);
    assertThat(filled.placeOf(2)).isEqualTo(Place.FRESH);
    assertThatThrownBy(() -> filled.take(3)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> filled.take(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void cannotTellBelowTheWindow() {
    MessageWindow window = MessageWindow.EMPTY.take(1).take(MessageWindow.WIDTH + 2L);
    assertThat(window.placeOf(2)).isEqualTo(Place.FRESH);
    assertThat(window.placeOf(1)).isEqualTo(Place.BELOW);
    assertThat(window.take(Long.MAX_VALUE).placeOf(MessageWindow.WIDTH + 2L))
        .isEqualTo(Place.BELOW);
  }

  @Test
  void agreesWithASetOfAllNumbers() {
    Random random = new Random(20261102);
    MessageWindow window = MessageWindow.EMPTY;
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      long number = Math.max(1, window.highest() - 1_200 + random.nextInt(1_260));
      Place place = window.placeOf(number);
      boolean below = number < window.highest() - MessageWindow.WIDTH;
      assertThat(place)
          .as("number %d under %d", number, window.highest())
          .isEqualTo(below ? Place.BELOW : taken.contains(number) ? Place.SEEN : Place.FRESH);
      if (place == Place.FRESH) {
        window = window.take(number);
        taken.add(number);
      }
    }
  }
}
