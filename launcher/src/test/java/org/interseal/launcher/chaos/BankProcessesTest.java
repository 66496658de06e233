package org.interseal.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.launcher.load.Customer;
import org.interseal.launcher.load.PaymentMaker;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.PartyAccount;
import org.junit.jupiter.api.Test;

class BankProcessesTest {
  private static final BankId BANK = new BankId("BKABXX00");
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");
  private static final Fault RESTART = new Fault(Fault.Kind.RESTART, Fault.Role.GATEWAY, 1, 0, 0);

  /** Comes back as often as it may, and is too slow from then on. */
  private static final class Tired implements Victim {
    private final int starts;
    private boolean alive = true;
    private int started;

    Tired(int starts) {
      this.starts = starts;
    }

    @Override
    public String name() {
      return BANK + " gateway-1";
    }

    @Override
    public Path log() {
      return Path.of("gateway-1.log");
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public void kill() {
      alive = false;
    }

    @Override
    public void pause(Duration length) throws IOException {
      throw new IOException("no shell");
    }

    @Override
    public void stop() {
      alive = false;
    }

    @Override
    public void start(Duration limit) throws IOException {
      if (started++ >= starts) {
        throw new IOException(name() + " was not ready within " + limit.toSeconds() + " s");
      }
      alive = true;
    }
  }

  private final ChaosTally tally = new ChaosTally(10);

  private BankProcesses processes(Victim victim) {
    Customer customer = new Customer(new PartyAccount("Somebody", Iban.of(BANK, 0, 1), BANK), 100);
    ChaosLoad load =
        new ChaosLoad(
            Map.of(),
            new PaymentMaker(new SecureRandom(), LocalDate.EPOCH),
            new SplittableRandom(1),
            new LongestGap());
    return new BankProcesses(
        new BankPorts(BANK, List.of(NOWHERE), NOWHERE, List.of(NOWHERE), 1),
        List.of(victim),
        new OperatorClient(HttpClient.newHttpClient(), "unused"),
        List.of(new Prober(load, customer, customer)),
        tally,
        line -> {},
        new CountDownLatch(0));
  }

  @Test
  void whatIsNotReadyInTimeIsWrongAndEndsNothing() throws InterruptedException {
    BankProcesses processes = processes(new Tired(1));
    processes.perform(RESTART);
    assertThat(tally.wrong()).isEmpty();
    processes.perform(RESTART);
    assertThat(tally.wrong())
        .singleElement()
        .asString()
        .contains("gateway-1 was not ready within 180 s");
    assertThat(tally.restarts()).isEqualTo(2);
  }

  @Test
  void whoEndedUnaskedIsStartedAgainAndSaidToBeWrong() throws InterruptedException {
    Tired victim = new Tired(1);
    victim.kill();
    processes(victim).reviveTheDead();
    assertThat(victim.isAlive()).isTrue();
    assertThat(tally.wrong()).singleElement().asString().contains("gateway-1 ended by itself");
  }

  @Test
  void aPauseThatFailsIsWrongAndEndsNothing() throws InterruptedException {
    processes(new Tired(0)).perform(new Fault(Fault.Kind.PAUSE, Fault.Role.GATEWAY, 1, 1, 0));
    assertThat(tally.wrong()).singleElement().asString().contains("was not paused: no shell");
  }

  @Test
  void whatIsWrongIsToldSoManyTimesAtMost() {
    for (int i = 0; i < 2 * ChaosTally.MAX_WRONG; i++) {
      tally.wrong("again");
    }
    assertThat(tally.wrong()).hasSize(ChaosTally.MAX_WRONG);
  }
}
