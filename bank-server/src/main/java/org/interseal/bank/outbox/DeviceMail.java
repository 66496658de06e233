package org.interseal.bank.outbox;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.bank.ledger.StatementBuilder;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.Scheduler;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals what goes to the bank's own devices, branches and gateways. Thread-safe. */
final class DeviceMail {
  private static final long STATEMENT_RETRY_MILLIS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(DeviceMail.class);

  /**
   * Names a message for ever: its block and its index there. The block's hash and not its height:
   * after a restore from an old backup another block has the height, and a device would take its
   * messages for those that it saw before.
   *
   * @param block hash of the block
   * @param edition tells a row that was signed again from the first; the message is the same
   */
  record Place(Bytes block, int index, String edition) {
    /** As the block's writer sends it. */
    Place(Bytes block, int index) {
      this(block, index, "");
    }

    private Bytes field() {
      return Bytes.utf8(block.toHex() + "." + index);
    }

    String rowId(String owner, int rowAttempt) {
      return Bytes.sha256OfFields(
              "interseal mailbox row v2",
              field(),
              Bytes.utf8(owner),
              Bytes.utf8(Integer.toString(rowAttempt) + edition))
          .toBase64Url();
    }

    Bytes messageId(String owner) {
      return Bytes.sha256OfFields("interseal notice v2", field(), Bytes.utf8(owner)).prefix(16);
    }
  }

  private final BankId bank;
  private final int partition;
  private final LetterSealer sealer;
  private final Addresses addresses;
  private final OutboxLedger ledger;
  private final EncryptionKeyCache keys = new EncryptionKeyCache();
  private final Executor sealers;
  private final Executor statements;
  private final Scheduler scheduler;
  private final BatchWriter mailbox;
  private final BatchWriter devices;
  private final OpenStatements openStatements = new OpenStatements();

  DeviceMail(
      BankId bank,
      int partition,
      LetterSealer sealer,
      Addresses addresses,
      OutboxLedger ledger,
      Executor sealers,
      Executor statements,
      Scheduler scheduler,
      BatchWriter mailbox,
      BatchWriter devices) {
    this.bank = bank;
    this.partition = partition;
    this.sealer = sealer;
    this.addresses = addresses;
    this.ledger = ledger;
    this.sealers = sealers;
    this.statements = statements;
    this.scheduler = scheduler;
    this.mailbox = mailbox;
    this.devices = devices;
  }

  void send(Place place, OutgoingMessage.ToDevice notice, Runnable done) {
    String orderKey = notice.subject() == null ? null : notice.deviceId() + "|" + notice.subject();
    mailbox.add(
        new Outgoing(
            CompletableFuture.supplyAsync(
                () ->
                    toDevice(
                        place,
                        notice.deviceId(),
                        notice.encryptionKey(),
                        notice.inReplyTo(),
                        notice.notice()),
                sealers),
            orderKey,
            done));
  }

  private Optional<DurableInsert.Content> toDevice(
      Place place, String deviceId, Bytes spki, @Nullable String inReplyTo, Object notice) {
    Optional<EncryptionKey> key = keys.get(spki);
    if (key.isEmpty()) {
      log.warn("device {} registered no usable encryption key and gets no notices", deviceId);
      return Optional.empty();
    }
    return Optional.of(
        letter(place, deviceId, Party.device(bank, deviceId), key.get(), inReplyTo, notice));
  }

  private DurableInsert.Content letter(
      Place place,
      String owner,
      Party recipient,
      EncryptionKey key,
      @Nullable String inReplyTo,
      Object notice) {
    String envelope =
        sealer.seal(recipient, key, 0, place.messageId(owner), LetterSealer.NOTICE_LIFE, notice);
    String body =
        ProtocolJson.encodeText(new MailboxItem(MailboxItem.VERSION, inReplyTo, envelope));
    return rowAttempt -> new NewRow(owner, place.rowId(owner, rowAttempt), body);
  }

  /**
   * Works the page out and sends it; while the store is down it is tried again. A page may read
   * hundreds of blocks: a device that asks for more at a time than it may is refused at once, so
   * that nobody's statements hold up what the ledger owes to others.
   */
  void send(Place place, OutgoingMessage.StatementToDevice asked, Runnable done) {
    if (!openStatements.admit(asked.deviceId())) {
      DeviceNotice.Refused refusal =
          new DeviceNotice.Refused(
              asked.messageId(), ReasonCode.MS03, "too many statements at a time, ask again later");
      mailbox.add(
          new Outgoing(
              CompletableFuture.supplyAsync(
                  () ->
                      toDevice(
                          place,
                          asked.deviceId(),
                          asked.encryptionKey(),
                          asked.inReplyTo(),
                          refusal),
                  sealers),
              null,
              done));
      return;
    }
    work(
        place,
        asked,
        () -> {
          openStatements.release(asked.deviceId());
          done.run();
        });
  }

  private void work(Place place, OutgoingMessage.StatementToDevice asked, Runnable done) {
    CompletableFuture<Optional<DurableInsert.Content>> content =
        CompletableFuture.supplyAsync(() -> statement(asked), statements)
            .thenApplyAsync(
                page ->
                    page.flatMap(notice ->
                        toDevice(
                            place,
                            asked.deviceId(),
                            asked.encryptionKey(),
                            asked.inReplyTo(),
                            notice)),
                sealers);
    // The mailbox writer must not wait for it: it is added once it is sealed.
    var _ =
        content.whenComplete((sealed, failure) -> {
          if (failure == null) {
            mailbox.add(new Outgoing(content, null, done));
          } else if (failure.getCause() instanceof BlockOutOfReach) {
            log.warn("a statement page waits for the store: {}", failure.getCause().getMessage());
            scheduler.after(STATEMENT_RETRY_MILLIS, () -> work(place, asked, done));
          } else {
            log.error("a statement page failed and is not sent", failure);
            done.run();
          }
        });
  }

  /** Carries {@link StoreUnavailable} through a function that may not throw it. */
  private static final class BlockOutOfReach extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlockOutOfReach(StoreUnavailable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Optional<Object> statement(OutgoingMessage.StatementToDevice asked) {
    Optional<StatementBuilder.Newest> newest = ledger.newest(asked.account());
    return newest.map(account ->
        StatementBuilder.page(
            asked,
            account,
            height -> {
              try {
                return ledger.block(height);
              } catch (StoreUnavailable e) {
                throw new BlockOutOfReach(e);
              }
            }));
  }

  void send(Place place, OutgoingMessage.ToBranch answer, Runnable done) {
    mailbox.add(
        new Outgoing(
            CompletableFuture.supplyAsync(
                () -> {
                  Optional<EncryptionKey> key = addresses.branch(answer.branch());
                  if (key.isEmpty()) {
                    log.warn(
                        "branch {} has no certificate in force and gets no answer",
                        answer.branch());
                  }
                  return key.map(found ->
                      letter(
                          place,
                          MailboxItem.branchStream(answer.branch()),
                          Party.branch(bank, answer.branch()),
                          found,
                          answer.inReplyTo(),
                          answer.notice()));
                },
                sealers),
            null,
            done));
  }

  void send(OutgoingMessage.DeviceRecord device, Runnable done) {
    send(device, "", done);
  }

  /**
   * @param edition tells a row that was signed again from the first
   */
  void send(OutgoingMessage.DeviceRecord device, String edition, Runnable done) {
    devices.add(
        new Outgoing(
            CompletableFuture.supplyAsync(
                () -> Optional.of(registration(device, edition)), sealers),
            null,
            done));
  }

  private DurableInsert.Content registration(OutgoingMessage.DeviceRecord device, String edition) {
    DeviceRegistration registration =
        DeviceRegistration.of(
            partition,
            device.deviceId(),
            device.revision(),
            device.linked(),
            device.keys() == null || !device.linked() ? null : device.keys().request());
    String body = sealer.sign(DeviceRegistration.STATEMENT_TYPE, registration);
    String id = edition.isEmpty() ? registration.rowId() : registration.rowId() + "." + edition;
    return rowAttempt ->
        new NewRow(DeviceRegistration.STREAM, rowAttempt == 0 ? id : id + "." + rowAttempt, body);
  }
}
