package org.interseal.bank.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.ChainHead;

/** A ledger whose blocks say what its end is, one statement a body. */
final class ScriptedFold implements LedgerFold {
  private static final CurrencyCode CZK = new CurrencyCode("CZK");

  private final BankId bank;
  private final Map<CurrencyCode, Long> sums = new HashMap<>();
  private final Map<Counterparty, Long> inFlight = new HashMap<>();
  private final Map<Counterparty, Long> positions = new HashMap<>();
  private final List<OutgoingTransfer> outgoing = new ArrayList<>();
  private final Set<TransferKey> accepted = new HashSet<>();
  private final List<ChainHead> heads = new ArrayList<>();

  ScriptedFold(BankId bank) {
    this.bank = bank;
  }

  @Override
  public void feed(ChainedBlock block) {
    String[] words = block.body().toUtf8().split(" ", -1);
    switch (words[0]) {
      case "sum" -> sums.merge(CZK, Long.parseLong(words[1]), Long::sum);
      case "position" -> positions.merge(other(words[1]), Long.parseLong(words[2]), Long::sum);
      case "inflight" -> inFlight.merge(other(words[1]), Long.parseLong(words[2]), Long::sum);
      case "out" ->
          outgoing.add(
              new OutgoingTransfer(
                  new TransferKey(bank, 0, new BankId(words[1]), 0, Long.parseLong(words[2])),
                  new Money(Long.parseLong(words[3]), CZK),
                  OutgoingTransfer.State.valueOf(words[4])));
      case "accept" ->
          accepted.add(new TransferKey(new BankId(words[1]), 0, bank, 0, Long.parseLong(words[2])));
      case "head" ->
          heads.add(
              new ChainHead(
                  new BankId(words[1]), 0, Long.parseLong(words[2]), Bytes.hex(words[3])));
      default -> {}
    }
  }

  /** A BIC, or {@code p01} for a partition of the same bank. */
  private Counterparty other(String named) {
    return named.startsWith("p")
        ? new Counterparty(bank, Integer.parseInt(named, 1, 3, 10), CZK)
        : new Counterparty(new BankId(named), CZK);
  }

  @Override
  public FoldedLedger end() {
    return new FoldedLedger(sums, inFlight, positions, outgoing, accepted, heads);
  }
}
