package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederationDescriptionTest {
  private static final BankId BANK = new BankId("BKAAXX00");

  @TempDir Path data = Path.of("");

  private FederationDirectory directory() {
    return new FederationDirectory(data);
  }

  private void found(int partitions) throws IOException {
    FederationDescription.read(directory())
        .partitioned(Optional.of(partitions))
        .with(List.of(BANK))
        .write(directory());
  }

  @Test
  void aNewFederationHasOnePartitionUnlessAskedOtherwise() throws Exception {
    assertThat(directory().partitions(Optional.empty())).isEqualTo(1);
    assertThat(directory().partitions(Optional.of(4))).isEqualTo(4);
  }

  @Test
  void remembersWithHowManyPartitionsItsBanksWereFounded() throws Exception {
    found(4);

    assertThat(directory().partitions(Optional.empty())).isEqualTo(4);
    assertThat(directory().partitions(Optional.of(4))).isEqualTo(4);
    assertThatThrownBy(() -> directory().partitions(Optional.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("founded with 4 ledger partitions");
  }

  @Test
  void oneFromBeforeThereWereSeveralHasOne() throws Exception {
    Files.writeString(directory().description(), "{\"v\":1,\"banks\":[\"BKAAXX00\"],\"ports\":{}}");

    assertThat(directory().partitions(Optional.empty())).isEqualTo(1);
    assertThatThrownBy(() -> directory().partitions(Optional.of(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("founded with 1 ledger partitions");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 101})
  void refusesACountThatNoLicenceHas(int count) {
    assertThatThrownBy(() -> directory().partitions(Optional.of(count)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 to 100 partitions");
  }
}
