package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code interseal verify} on what a federation left behind. */
final class OfflineVerification {
  private OfflineVerification() {}

  static Printed of(Path data, String... more) {
    List<String> arguments = new ArrayList<>(List.of("verify", "--data", data.toString()));
    arguments.addAll(List.of(more));
    return Printed.by(arguments);
  }

  static void assertSound(Path data, String... more) {
    Printed found = of(data, more);
    assertThat(found.code()).as(found.text()).isZero();
    assertThat(found.text()).contains("sound: every chain");
  }
}
