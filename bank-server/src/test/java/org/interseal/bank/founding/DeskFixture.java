package org.interseal.bank.founding;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.TestAuthority;
import org.junit.jupiter.api.BeforeEach;

/** A founded bank with two servers and two operators. */
@SuppressWarnings("NullAway.Init")
abstract class DeskFixture extends FoundingFixture {
  static final Party THIRD = Party.server(BANK, "server-3");
  static final OperatorKey ALICE = operator("alice");
  static final OperatorKey BOB = operator("bob");

  List<Party> usersTaken;
  final List<String> warnings = new ArrayList<>();
  InstantSource clock;

  static OperatorKey operator(String name) {
    return new OperatorKey(name, SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM));
  }

  @BeforeEach
  void begin() throws Exception {
    begin("first");
  }

  /** A founded bank with two servers and two operators. */
  void begin(String name) throws Exception {
    openHome(name);
    usersTaken = new ArrayList<>();
    clock = CLOCK;
    BankFounding founding = founding(none());
    registry.approve(apply(founding), shared);
    for (Party node : List.of(FIRST, SECOND)) {
      founding.admit(NodeKeys.ensure(node, vault(node.name()), RANDOM), known(), shared, bankStore);
    }
    desk(none()).register(List.of(ALICE.operator(), BOB.operator()));
  }

  BankDesk desk(Interruptions world) throws IOException {
    return new BankDesk(BANK, founding(world), home, clock, RANDOM);
  }

  void evict(Party node, OperatorKey operator, Interruptions world) throws Exception {
    desk(world)
        .evict(
            node,
            operator,
            taken -> {
              var _ = world.around(() -> usersTaken.add(taken));
            },
            warnings::add,
            known(),
            world.store(shared),
            world.store(bankStore));
  }

  List<String> journal() throws IOException {
    return desk(none()).journal().acts().stream()
        .map(act -> act.operator() + " " + act.action() + " " + act.subject())
        .toList();
  }

  Map<String, NodeStanding> list() throws Exception {
    return NodeStanding.list(BANK, known(), bankStore, TestAuthority.NOW).stream()
        .collect(Collectors.toMap(standing -> standing.node().name(), standing -> standing));
  }

  NodeStanding node(String name) throws Exception {
    return Objects.requireNonNull(list().get(name));
  }

  Enrolment enrolment() {
    return Enrolment.of(home.resolve("enrolments"), THIRD);
  }

  ServerEnrolment.Progress enrol(OperatorKey operator, boolean anew) throws Exception {
    return ServerEnrolment.advance(
        THIRD, vault(THIRD.name()), operator, enrolment(), anew, clock, RANDOM);
  }

  BankDesk.Approval approve(OperatorKey operator, Interruptions world) throws Exception {
    return desk(world)
        .approve(
            THIRD, operator, enrolment(), known(), world.store(shared), world.store(bankStore));
  }
}
