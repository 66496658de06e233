package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.interseal.bank.ledger.Peer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.ReportBatch;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.protocol.message.InterbankMessage.TransferBatch;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.store.DurableInsert;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts transfers and reports into letters to other banks, as many into one as fit. Thread-safe. */
final class InterbankMail {
  private static final Logger log = LoggerFactory.getLogger(InterbankMail.class);

  private final int partition;
  private final LetterSealer sealer;
  private final RowTagger tagger;
  private final Addresses addresses;
  private final OutboxLedger ledger;
  private final Executor sealers;
  private final BatchWriter writer;

  InterbankMail(
      int partition,
      LetterSealer sealer,
      RowTagger tagger,
      Addresses addresses,
      OutboxLedger ledger,
      Executor sealers,
      BatchWriter writer) {
    this.partition = partition;
    this.sealer = sealer;
    this.tagger = tagger;
    this.addresses = addresses;
    this.ledger = ledger;
    this.sealers = sealers;
    this.writer = writer;
  }

  /**
   * Sends what of these still lacks an answer.
   *
   * @param transfers to one partition of one bank, in rising number
   * @param done runs once for each transfer
   * @return how many letters it took
   */
  int sendTransfers(Peer target, List<Transfer> transfers, Runnable done) {
    List<Transfer> open = new ArrayList<>(transfers.size());
    for (Transfer transfer : transfers) {
      if (ledger.isUnanswered(target, transfer.number())) {
        open.add(transfer);
      } else {
        done.run();
      }
    }
    int letters = 0;
    for (int from = 0; from < open.size(); from += InterbankMessage.MAX_ITEMS) {
      List<Transfer> part =
          open.subList(from, Math.min(open.size(), from + InterbankMessage.MAX_ITEMS));
      // The lowest is read before sealing: what was answered since is answered for ever.
      long lowest = Math.min(ledger.lowestUnanswered(target), part.getFirst().number());
      letters += sendTransfers(target, lowest, part, done);
    }
    return letters;
  }

  private int sendTransfers(Peer target, long lowest, List<Transfer> part, Runnable done) {
    Object batch = new TransferBatch(partition, target.partition(), lowest, part);
    Bytes body = ProtocolJson.encode(batch);
    if (body.size() > Envelope.MAX_BODY_BYTES) {
      int half = part.size() / 2;
      return sendTransfers(target, lowest, part.subList(0, half), done)
          + sendTransfers(target, lowest, part.subList(half, part.size()), done);
    }
    send(target, MessageType.nameOf(batch), body, part.size(), done);
    return 1;
  }

  /**
   * Sends reports.
   *
   * @param head a block that includes them, or a later one
   * @param done runs once for each report
   */
  void sendReports(Peer source, List<Report> reports, ChainHead head, Runnable done) {
    for (int from = 0; from < reports.size(); from += InterbankMessage.MAX_ITEMS) {
      List<Report> part =
          reports.subList(from, Math.min(reports.size(), from + InterbankMessage.MAX_ITEMS));
      // 200 reports take 30 KiB: they always fit.
      String signedHead = sealer.sign(ChainHead.STATEMENT_TYPE, head);
      Object batch = new ReportBatch(source.partition(), partition, part, signedHead);
      send(source, MessageType.nameOf(batch), ProtocolJson.encode(batch), part.size(), done);
    }
  }

  private void send(Peer peer, String type, Bytes body, int items, Runnable done) {
    CompletableFuture<Optional<DurableInsert.Content>> content =
        CompletableFuture.supplyAsync(() -> seal(peer, type, body), sealers);
    writer.add(
        new Outgoing(
            content,
            null,
            () -> {
              for (int i = 0; i < items; i++) {
                done.run();
              }
            }));
  }

  private Optional<DurableInsert.Content> seal(Peer peer, String type, Bytes body) {
    Optional<EncryptionKey> key = addresses.bank(peer.bank());
    if (key.isEmpty()) {
      // A transfer is sent again later; a report when the transfer comes again.
      log.warn("no encryption key of bank {}: a letter is not sent now", peer.bank());
      return Optional.empty();
    }
    String envelope =
        sealer.seal(
            Party.bank(peer.bank()),
            key.get(),
            peer.partition(),
            sealer.randomMessageId(),
            LetterSealer.INTERBANK_LIFE,
            type,
            body);
    return Optional.of(attempt -> tagger.row(peer.bank(), envelope, attempt));
  }
}
