package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.interseal.gateway.MailboxWakes.Reason;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class MailboxWakesTest {
  private static final Duration BACKSTOP = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore store = UnkindStore.bank(1, time, time, Unkindness.none());
  private final Map<String, List<Reason>> woken = new HashMap<>();
  private int rows;

  private final List<Thread> feedThreads = new ArrayList<>();

  /** Whether a feed is over before it begins. */
  private boolean refusing;

  private MailboxWakes wakes(boolean distributed) {
    AppendTable real = store.append(TableName.MAILBOX);
    AppendTable table =
        (AppendTable)
            Proxy.newProxyInstance(
                AppendTable.class.getClassLoader(),
                new Class<?>[] {AppendTable.class},
                (_, method, arguments) -> {
                  if (refusing && method.getName().equals("followAll")) {
                    return endedElsewhere((Runnable) arguments[1]);
                  }
                  return method.invoke(real, arguments);
                });
    return new MailboxWakes(table, time, BACKSTOP, distributed);
  }

  /** A feed that is over before it begins: its own thread says so, and may have to wait. */
  private AppendTable.Feed endedElsewhere(Runnable ended) {
    Thread thread = Thread.ofPlatform().start(ended);
    while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    feedThreads.add(thread);
    return () -> {};
  }

  private void wait(MailboxWakes wakes, String owner) {
    List<Reason> reasons = new ArrayList<>();
    woken.put(owner, reasons);
    var _ = wakes.register(owner, reasons::add);
  }

  private void wait(MailboxWakes wakes, int owners) {
    for (int i = 0; i < owners; i++) {
      wait(wakes, "owner-" + i);
    }
  }

  private void post(String owner) {
    rows++;
    var _ = store.append(TableName.MAILBOX).insert(List.of(new NewRow(owner, "row-" + rows, "x")));
    time.advance(1_000);
  }

  private void turns(int count) {
    time.advance(count * BACKSTOP.toMillis());
  }

  private long wokenInAll() {
    return woken.values().stream().mapToLong(List::size).sum();
  }

  @Test
  void whoIsNamedIsWokenAtOnceAndOnceMoreAndNobodyElse() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, "a");
    wait(wakes, "b");
    post("a");
    assertThat(woken.get("a")).containsExactly(Reason.NEWS, Reason.AGAIN);
    assertThat(woken.get("b")).isEmpty();
  }

  @Test
  void whereRowsAreReadAtOnceNobodyIsWokenAgain() {
    MailboxWakes wakes = wakes(false);
    wait(wakes, "a");
    post("a");
    assertThat(woken.get("a")).containsExactly(Reason.NEWS);
  }

  @Test
  void fewAreAllWokenAtEveryTurn() {
    wait(wakes(true), 8);
    turns(3);
    assertThat(woken.values()).allMatch(reasons -> reasons.size() == 3);
  }

  @Test
  void manyAreWokenInTwelveTurnsEachOnce() {
    wait(wakes(true), 240);
    turns(1);
    assertThat(wokenInAll()).isEqualTo(20);
    turns(11);
    assertThat(woken.values()).allMatch(reasons -> reasons.equals(List.of(Reason.BACKSTOP)));
  }

  @Test
  void aTurnCostsNoMoreHoweverManyWait() {
    wait(wakes(true), 3_000);
    turns(1);
    assertThat(wokenInAll()).isEqualTo(MailboxWakes.MAX_PER_TURN);
    turns(29);
    assertThat(woken.values()).allMatch(reasons -> reasons.size() == 1);
  }

  @Test
  void onAStoreOfThisMachineEverybodyIsWokenAtEveryTurn() {
    wait(wakes(false), 240);
    turns(2);
    assertThat(woken.values()).allMatch(reasons -> reasons.size() == 2);
  }

  @Test
  void whoLeftIsNotWoken() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, "a");
    List<Reason> reasons = new ArrayList<>();
    MailboxWakes.Sleeper second = wakes.register("a", reasons::add);
    second.close();
    second.close();
    turns(1);
    assertThat(reasons).isEmpty();
    assertThat(woken.get("a")).containsExactly(Reason.BACKSTOP);
  }

  @Test
  void whenTheFeedEndsEverybodyIsWokenAndAnotherFeedFollows() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    store.endFeeds();
    turns(1);
    assertThat(woken.values()).allMatch(reasons -> reasons.size() == 1);
    post("owner-7");
    assertThat(woken.get("owner-7")).endsWith(Reason.NEWS, Reason.AGAIN);
  }

  @Test
  void whoIsNamedIsWokenAtTheTurnAfterTheNextToo() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    time.advance(BACKSTOP.toMillis() - 10);
    var _ = store.append(TableName.MAILBOX).insert(List.of(new NewRow("owner-99", "one", "x")));
    var _ = store.append(TableName.MAILBOX).insert(List.of(new NewRow("zoe", "two", "x")));
    time.advance(5);
    wait(wakes, "zoe");
    time.advance(1_000);
    assertThat(woken.get("owner-99")).containsExactly(Reason.NEWS, Reason.AGAIN);
    assertThat(woken.get("zoe")).isEmpty();
    turns(1);
    assertThat(woken.get("owner-99")).containsExactly(Reason.NEWS, Reason.AGAIN, Reason.AGAIN);
    assertThat(woken.get("zoe")).containsExactly(Reason.AGAIN);
    turns(1);
    assertThat(woken.get("zoe")).as("once").containsExactly(Reason.AGAIN);
  }

  @Test
  void howManyAreNamedCostsATurnNoMoreEither() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 3_000);
    for (int i = 0; i < 1_000; i++) {
      wakes.lookAgain("owner-" + i);
    }
    turns(2);
    assertThat(woken.values().stream().flatMap(List::stream).filter(Reason.AGAIN::equals))
        .hasSize(MailboxWakes.MAX_PER_TURN);
    turns(9);
    assertThat(woken.values().stream().flatMap(List::stream).filter(Reason.AGAIN::equals))
        .hasSize(1_000);
  }

  @Test
  void whoIsNamedWhileASecondWakeIsDueIsWokenAMomentAfterThatToo() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, "a");
    var _ = store.append(TableName.MAILBOX).insert(List.of(new NewRow("a", "one", "x")));
    time.advance(200);
    var _ = store.append(TableName.MAILBOX).insert(List.of(new NewRow("a", "two", "x")));
    time.advance(100);
    assertThat(woken.get("a")).containsExactly(Reason.NEWS, Reason.NEWS, Reason.AGAIN);
    time.advance(200);
    assertThat(woken.get("a"))
        .containsExactly(Reason.NEWS, Reason.NEWS, Reason.AGAIN, Reason.AGAIN);
  }

  @Test
  void whoCouldNotReadIsWokenAtTheTurnAfterTheNext() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    wakes.lookAgain("owner-99");
    turns(2);
    assertThat(woken.get("owner-99")).containsExactly(Reason.AGAIN);
  }

  @Test
  void whileNoFeedFollowsAPartIsWokenAndEverybodyWhenOneDoes() throws Exception {
    refusing = true;
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    turns(2);
    assertThat(wokenInAll()).isEqualTo(40);
    for (Thread feed : feedThreads) {
      feed.join();
    }
    refusing = false;
    turns(1);
    assertThat(woken.values()).allMatch(reasons -> reasons.contains(Reason.AGAIN));
    post("owner-7");
    assertThat(woken.get("owner-7")).endsWith(Reason.NEWS, Reason.AGAIN);
  }

  @Test
  void aFeedThatNamesNothingOfWhatIsFoundInThreeTurnsIsReplaced() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    store.muteFeeds();
    for (int i = 1; i < MailboxWakes.MAX_UNANNOUNCED; i++) {
      wakes.found();
      wakes.found();
      turns(1);
    }
    assertThat(wokenInAll()).as("not everybody").isEqualTo(40);
    wakes.found();
    turns(1);
    assertThat(woken.values()).allMatch(reasons -> reasons.contains(Reason.AGAIN));
    post("owner-7");
    assertThat(woken.get("owner-7")).endsWith(Reason.NEWS, Reason.AGAIN);
  }

  @Test
  void aFeedThatSpeaksIsNotMuteThoughItIsLate() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, 240);
    for (int i = 0; i < MailboxWakes.MAX_UNANNOUNCED; i++) {
      wakes.found();
      turns(1);
      post("nobody");
    }
    assertThat(woken.values().stream().flatMap(List::stream)).containsOnly(Reason.BACKSTOP);
  }

  @Test
  void afterItsEndNothingRuns() {
    MailboxWakes wakes = wakes(true);
    wait(wakes, "a");
    wakes.close();
    post("a");
    turns(2);
    assertThat(woken.get("a")).isEmpty();
    assertThat(time.waiting()).isZero();
  }
}
