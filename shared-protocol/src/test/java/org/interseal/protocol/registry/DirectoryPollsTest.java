package org.interseal.protocol.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.protocol.registry.LicenceStatus.ACTIVE;
import static org.interseal.protocol.registry.TestAuthority.NOW;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.interseal.store.AppendTable;
import org.interseal.store.DelegatingStore;
import org.interseal.store.DelegatingTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class DirectoryPollsTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final int BANKS = 40;

  /** Of 40 in 15 polls. */
  private static final int SHARE = 3;

  private final VirtualTime time = new VirtualTime(NOW);
  private final UnkindStore real = UnkindStore.shared(1, time, time, Unkindness.none());
  private final ReadStreams store = new ReadStreams(real);
  private final List<TestBank> banks =
      IntStream.range(0, BANKS)
          .mapToObj(i -> AUTHORITY.bank("BK%c%cXX00".formatted('A' + i / 26, 'A' + i % 26)))
          .toList();
  private final TestBank own = banks.get(7);
  private final BankDirectory directory;
  private final DirectoryPolls polls;

  DirectoryPollsTest() throws Exception {
    directory = BankDirectory.of(AUTHORITY.root(), store);
    polls = new DirectoryPolls(directory, Set.of(own.id()));
    banks.forEach(bank -> insert(bank.licence(1, ACTIVE)));
  }

  private void insert(RegistryRow row) {
    var _ = real.append(TableName.BANK_KEYS).insert(List.of(row.toInsert(0))).join();
    time.advance(1);
  }

  private static String stream(TestBank bank) {
    return bank.id().value();
  }

  private Set<String> everyStream() {
    return Stream.concat(
            Stream.of(RegistryRow.AUTHORITY_STREAM), banks.stream().map(DirectoryPollsTest::stream))
        .collect(Collectors.toSet());
  }

  private Set<String> poll() throws StoreUnavailable {
    polls.poll();
    return store.read();
  }

  private Set<String> readWoken() throws StoreUnavailable {
    polls.readWoken();
    return store.read();
  }

  /** The first reading is of everything, and the next two are as well: all banks are new to it. */
  private void settle() throws StoreUnavailable {
    for (int i = 0; i <= DirectoryPolls.POLLS_AFTER_WAKE; i++) {
      assertThat(poll()).isEqualTo(everyStream());
    }
  }

  @Test
  void theFirstReadingIsOfEverything() throws Exception {
    assertThat(poll()).isEqualTo(everyStream());
  }

  @Test
  void aPollReadsTheAuthorityTheOwnBankAndAShareOfTheOthers() throws Exception {
    settle();
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < DirectoryPolls.ROUND_POLLS; i++) {
      Set<String> read = poll();
      assertThat(read)
          .contains(RegistryRow.AUTHORITY_STREAM, stream(own))
          .hasSizeBetween(1 + SHARE, 2 + SHARE);
      all.addAll(read);
    }
    assertThat(all).isEqualTo(everyStream());
  }

  @Test
  void whatTheFeedNamesIsReadAtOnceAndAtTheNextTwoPolls() throws Exception {
    settle();
    TestBank named = banks.get(30);
    polls.woken(stream(named));

    assertThat(readWoken()).containsExactlyInAnyOrder(RegistryRow.AUTHORITY_STREAM, stream(named));
    // The feed was ahead of the majority: only now the row can be read.
    insert(named.server("s1").row());
    long before = directory.version();
    assertThat(poll()).contains(stream(named));
    assertThat(directory.version()).isEqualTo(before + 1);
    assertThat(poll()).contains(stream(named));
    assertThat(poll()).doesNotContain(stream(named));
    assertThat(readWoken()).containsExactly(RegistryRow.AUTHORITY_STREAM);
  }

  @Test
  void whoIsUnsureReadsEverythingOnce() throws Exception {
    settle();
    polls.unsure();

    assertThat(readWoken()).isEqualTo(everyStream());
    assertThat(poll()).hasSizeLessThan(BANKS);
  }

  @Test
  void whatCouldNotBeReadIsReadNextTime() throws Exception {
    settle();
    TestBank named = banks.get(30);
    polls.woken(stream(named));
    store.fail(RegistryRow.AUTHORITY_STREAM);
    assertThatThrownBy(polls::poll).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(polls::poll).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(polls::poll).isInstanceOf(StoreUnavailable.class);
    store.read();
    store.fail("");
    assertThat(poll()).contains(stream(named));

    polls.unsure();
    store.fail(stream(banks.get(3)));
    assertThatThrownBy(polls::readWoken).isInstanceOf(StoreUnavailable.class);
    store.read();
    store.fail("");
    assertThat(poll()).isEqualTo(everyStream());
  }

  @Test
  void theStreamOfANewBankIsReadAsSoonAsItsLicence() throws Exception {
    settle();
    TestBank young = AUTHORITY.bank("YOUNXX00");
    insert(young.server("s1").row());
    polls.woken(stream(young));
    assertThat(readWoken()).containsExactly(RegistryRow.AUTHORITY_STREAM);
    insert(young.licence(1, ACTIVE));
    polls.woken(RegistryRow.AUTHORITY_STREAM);

    assertThat(readWoken()).containsExactlyInAnyOrder(RegistryRow.AUTHORITY_STREAM, stream(young));
    assertThat(directory.certifiedNodes(young.id())).hasSize(1);
  }

  @Test
  void theStreamOfANewBankIsReadAgainAtTheNextTwoPolls() throws Exception {
    settle();
    TestBank young = AUTHORITY.bank("YOUNXX00");
    insert(young.licence(1, ACTIVE));
    polls.woken(RegistryRow.AUTHORITY_STREAM);
    assertThat(readWoken()).contains(stream(young));
    // What the feed named before there was a licence, and no majority had yet.
    insert(young.server("s1").row());
    poll();

    assertThat(directory.certifiedNodes(young.id())).hasSize(1);
    assertThat(poll()).contains(stream(young));
  }

  @Test
  void aFeedThatThreeTimesDidNotNameWhatAPollFoundSeemsMute() throws Exception {
    settle();
    for (int i = 1; i <= DirectoryPolls.MAX_UNANNOUNCED; i++) {
      assertThat(polls.feedSeemsMute()).isFalse();
      insert(own.server("s" + i).row());
      poll();
      poll();
    }
    assertThat(polls.feedSeemsMute()).isTrue();
    assertThat(polls.feedSeemsMute()).isFalse();
  }

  @Test
  void aFeedThatNamesSomethingOrIsNewDoesNotSeemMute() throws Exception {
    settle();
    for (int i = 0; i < 2 * DirectoryPolls.MAX_UNANNOUNCED; i++) {
      if (i % 3 == 0) {
        polls.woken(stream(own));
      }
      if (i % 3 == 1) {
        polls.unsure();
      }
      insert(own.server("s" + i).row());
      poll();
      assertThat(polls.feedSeemsMute()).isFalse();
    }
  }

  /** Remembers which streams were read, and fails at one of them. */
  private static final class ReadStreams extends DelegatingStore {
    private Set<String> streams = new HashSet<>();
    private String failing = "";

    ReadStreams(Store store) {
      super(store);
    }

    void fail(String stream) {
      failing = stream;
    }

    /** Since the last call. */
    Set<String> read() {
      Set<String> read = streams;
      streams = new HashSet<>();
      return read;
    }

    private void note(String stream) throws StoreUnavailable {
      if (stream.equals(failing)) {
        throw new StoreUnavailable("on purpose");
      }
      streams.add(stream);
    }

    @Override
    public AppendTable append(TableName name) {
      return new DelegatingTable(super.append(name)) {
        @Override
        public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
            throws StoreUnavailable {
          note(stream);
          return super.referencesAfter(stream, after, maxRows);
        }

        @Override
        public List<Row> readAfter(String stream, Position after, int maxRows)
            throws StoreUnavailable {
          note(stream);
          return super.readAfter(stream, after, maxRows);
        }
      };
    }
  }
}
