package org.interseal.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.launcher.load.Customer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.PartyAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairsTest {
  private static final BankId A = new BankId("BKAAXX00");
  private static final BankId B = new BankId("BKABXX00");
  private static final int MANY = 200;

  private static List<Customer> customers(BankId bank, int partitions) {
    List<Customer> all = new ArrayList<>();
    for (int number = 0; number < 2 * partitions; number++) {
      Iban account = Iban.of(bank, number % partitions, 1 + number);
      all.add(new Customer(new PartyAccount("Customer " + number, account, bank), 1_000));
    }
    return all;
  }

  private static List<Pairs.Pair> pairs(List<Customer> all, int partition) {
    Pairs pairs = new Pairs(all, new BankPartition(A, partition), new SplittableRandom(7));
    return Stream.generate(pairs::next).limit(MANY).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8})
  void everyOtherPaymentOfEachPartitionGoesToAnotherBank(int partitions) {
    List<Customer> all =
        Stream.concat(customers(A, partitions).stream(), customers(B, partitions).stream())
            .toList();
    for (int partition = 0; partition < partitions; partition++) {
      List<Pairs.Pair> pairs = pairs(all, partition);
      for (int number = 0; number < MANY; number++) {
        assertThat(pairs.get(number).payee().bank()).isEqualTo(number % 2 == 0 ? A : B);
        assertThat(BankPartition.of(pairs.get(number).payer()))
            .isEqualTo(new BankPartition(A, partition));
      }
    }
  }

  @Test
  void allStaysInsideWhenThereIsNoOtherBank() {
    assertThat(pairs(customers(A, 2), 1)).allMatch(pair -> pair.payee().bank().equals(A));
  }

  @Test
  void nobodyPaysHimself() {
    assertThat(pairs(customers(A, 1), 0)).noneMatch(pair -> pair.payee().equals(pair.payer()));
  }
}
