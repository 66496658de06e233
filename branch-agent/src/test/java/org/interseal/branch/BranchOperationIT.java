package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.CZK;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.service.LogLines;
import org.interseal.store.MutableTable;
import org.interseal.store.Position;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** What a branch keeps and shows while it runs, and across its restarts. */
@ExtendWith(OutputCaptureExtension.class)
class BranchOperationIT extends BranchProcess {
  @Test
  void manyRequestsAtOnceAreAllAnswered() throws Exception {
    BranchDesk desk = branch().getBean(BranchDesk.class);
    int accounts = 600;

    List<CompletableFuture<DeskAnswer<BranchNotice.AccountOpened>>> opened = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      opened.add(desk.openAccount("ada", "Customer " + i, CZK, (long) i, "open-" + i));
    }
    CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

    assertThat(opened).allSatisfy(f -> assertThat(f.join()).isInstanceOf(DeskAnswer.Done.class));
    // Letters of one insert share a stamp, so the bank orders them by number.
    assertThat(answering.letters().stream().map(Letter::number).sorted())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, accounts).boxed().toList());
  }

  private Store reopened(String name) {
    Store store = SqliteStore.openBank(directory.resolve("store/" + name), CLOCK);
    open.add(store);
    return store;
  }

  @Test
  void anAnswerInAnotherRoleIsNotBelieved() throws Exception {
    BranchDesk desk = branch().getBean(BranchDesk.class);
    TestAuthority.TestNode gateway = testBank.gateway("edge");
    var _ =
        java.util.Objects.requireNonNull(published)
            .append(TableName.BANK_KEYS)
            .insert(List.of(gateway.row().toInsert(0)))
            .get(10, TimeUnit.SECONDS);
    answering.behave((letter, notice) ->
        Optional.of(
            bank.row(
                notice,
                Party.gateway(BANK, "edge"),
                gateway.key(),
                FakeBank.BRANCH,
                bank.branchKey.encryptionKey(),
                CLOCK.instant())));
    var refused = desk.closeAccount("ada", ACCOUNT, "k1");
    long start = System.nanoTime();
    while (answering.answered() == 0) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }
    answering.behave((letter, notice) -> Optional.of(bank.row(notice, CLOCK.instant())));

    // The second answer stands behind the first in the mailbox: when it is in, the first was looked
    // at.
    assertThat(
            desk.payCashIn("ada", ACCOUNT, new Money(1, CZK), "r", "k2").get(20, TimeUnit.SECONDS))
        .isInstanceOf(DeskAnswer.Done.class);
    assertThat(answering.letters()).hasSize(2);
    assertThat(refused).isNotDone();
  }

  @Test
  void aRestartKeepsRequestsAndTheirAnswers() throws Exception {
    answering.behave((letter, notice) -> Optional.empty());
    ConfigurableApplicationContext first = branch("--interseal.branch.answer-wait=50ms");
    String path = "/v1/accounts/" + ACCOUNT + "/close";
    HttpResponse<String> pending = call(first, "POST", path, "", ada("Idempotency-Key", "k1"));
    assertThat(pending.statusCode()).isEqualTo(202);
    first.close();

    ConfigurableApplicationContext second = branch("--interseal.branch.answer-wait=10s");
    Letter letter = answering.letters().getFirst();
    var _ =
        reopened("bank-" + BANK + ".db")
            .append(TableName.MAILBOX)
            .insert(
                List.of(
                    new org.interseal.store.NewRow(
                        "branch:north", "late", bank.row(bank.decide(letter), CLOCK.instant()))))
            .get(10, TimeUnit.SECONDS);
    HttpResponse<String> answered = call(second, "POST", path, "", ada("Idempotency-Key", "k1"));

    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.body()).contains(ACCOUNT.value());
    assertThat(answering.letters()).hasSize(1);
  }

  @Test
  void itIsReadyOnceItsBankAndItsCertificateAreKnown() throws Exception {
    ConfigurableApplicationContext context = branch();
    int port = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    URI ready = URI.create("http://127.0.0.1:" + port + "/actuator/health/ready");
    var _ =
        context
            .getBean(BranchDesk.class)
            .closeAccount("ada", ACCOUNT, "k1")
            .get(20, TimeUnit.SECONDS);

    HttpResponse<String> health =
        http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
  }

  @Test
  void itLeavesAHeartbeatSignedWithTheKeyOfItsCertificate() throws Exception {
    var _ = branch();
    MutableTable heartbeats =
        java.util.Objects.requireNonNull(published).mutable(TableName.HEARTBEATS);
    long start = System.nanoTime();
    while (heartbeats.all("").isEmpty()) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }

    String body = heartbeats.find(Heartbeat.rowId(branch.party())).orElseThrow().body();
    Heartbeat beat =
        ProtocolJson.decode(
            SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, branch.key().verificationKey()),
            Heartbeat.class);
    assertThat(beat.bank()).isEqualTo(BANK);
    assertThat(beat.role()).isEqualTo("branch");
    assertThat(beat.node()).isEqualTo("north");
    assertThat(answering.letters()).isEmpty();
  }

  @Test
  void everyLetterLeavesOneLogLineUnderTheNameThatTheBankHasForIt(CapturedOutput output)
      throws Exception {
    ConfigurableApplicationContext context = branch();
    HttpResponse<String> opened =
        call(
            context,
            "POST",
            "/v1/accounts",
            "{\"customerName\":\"Ada Lovelace\",\"currency\":\"CZK\"}",
            ada());
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);

    String stored =
        java.util.Objects.requireNonNull(published)
            .append(TableName.TRANSACTIONS)
            .readAfter(BANK.value(), Position.START, 10)
            .getFirst()
            .body();
    String envelope = org.interseal.protocol.tag.TaggedEnvelope.of(stored).envelope();
    String id = SubmissionId.of(BANK, envelope);
    // The bank may answer before the store's acknowledgement is worked off here.
    long start = System.nanoTime();
    while (LogLines.with("letter stored", output).isEmpty()) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(LogLines.with("letter stored", output))
        .singleElement()
        .satisfies(line -> {
          assertThat(line.path("reference").asString()).isEqualTo(id + "/0");
          assertThat(line.path("correlation").asString()).isEqualTo(id);
          assertThat(line.path("type").asString()).isEqualTo("branch.account-open.v1");
        });
    String account =
        ProtocolJson.mapper().readTree(opened.body()).path("result").path("account").asString();
    assertThat(account).isNotEmpty();
    assertThat(output.toString()).doesNotContain("Lovelace").doesNotContain(account);
  }
}
