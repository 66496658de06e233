package org.interseal.simulation;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;

/** How each {@link PlantedBug} is made. */
final class Weavings {
  private static final String LEDGER = "org.interseal.bank.ledger.";
  private static final String CHAIN = "org.interseal.bank.chain.";
  private static final String PROCESSING = "org.interseal.bank.processing.";
  private static final String OUTBOX = "org.interseal.bank.outbox.";
  private static final String GATEWAY = "org.interseal.gateway.";
  private static final String REGISTRY = "org.interseal.protocol.registry.";
  private static final String SIMULATION = "org.interseal.simulation.";
  private static final ClassDesc SWITCH = ClassDesc.of(SIMULATION + "PlantedBug");

  static final List<Weaving> ALL =
      List.of(
          first(
              PlantedBug.NO_DEDUPE,
              LEDGER + "MessageWindow",
              "placeOf",
              code -> {
                ClassDesc place = ClassDesc.of(LEDGER + "MessageWindow$Place");
                code.getstatic(place, "FRESH", place).areturn();
              }),
          first(
              PlantedBug.NO_DEDUPE,
              LEDGER + "References",
              "find",
              code -> code.aconst_null().areturn()),
          instead(
              PlantedBug.TRANSFERS_NOT_DEDUPED,
              LEDGER + "TransferRules",
              "received",
              "received",
              LEDGER + "PlantedLedger"),
          instead(
              PlantedBug.TRANSFERS_NOT_DEDUPED,
              LEDGER + "TransferBookkeeping",
              "consumed",
              "received",
              LEDGER + "PlantedLedger"),
          instead(
              PlantedBug.REFUND_ON_TIME_OUT,
              PROCESSING + "WritingSession",
              "gather",
              "news",
              PROCESSING + "PlantedRefund"),
          instead(
              PlantedBug.REFUND_ON_TIME_OUT,
              PROCESSING + "WritingSession",
              "putNewsFirst",
              "news",
              PROCESSING + "PlantedRefund"),
          first(
              PlantedBug.ANY_BLOCK_IS_OURS,
              CHAIN + "Appending",
              "readBack",
              code ->
                  code.aload(0)
                      .aload(2)
                      .invokevirtual(
                          ClassDesc.of(CHAIN + "Appending"),
                          "appended",
                          MethodTypeDesc.of(
                              ClassDesc.of("java.util.concurrent.CompletableFuture"),
                              ClassDesc.of(CHAIN + "ChainedBlock")))
                      .areturn()),
          first(
              PlantedBug.NO_FENCE,
              CHAIN + "ChainWriter",
              "hindrance",
              code ->
                  code.invokestatic(
                          ClassDesc.of("java.util.Optional"),
                          "empty",
                          MethodTypeDesc.of(ClassDesc.of("java.util.Optional")))
                      .areturn()),
          first(
              PlantedBug.NO_FENCE,
              PROCESSING + "Tenure",
              "goesOn",
              code -> code.iconst_1().ireturn()),
          first(
              PlantedBug.NO_FENCE,
              PROCESSING + "WritingSession",
              "isOvertakenBy",
              code -> code.iconst_0().ireturn()),
          first(
              PlantedBug.OUTBOX_DONE_TOO_EARLY,
              OUTBOX + "OutboxProgress",
              "add",
              code ->
                  code.aload(0)
                      .lload(1)
                      .putfield(ClassDesc.of(OUTBOX + "OutboxProgress"), "doneHeight", CD_long)),
          first(
              PlantedBug.OUTBOX_BEFORE_BLOCK,
              CHAIN + "Appending",
              "react",
              code ->
                  code.aload(0)
                      .aload(3)
                      .invokevirtual(
                          ClassDesc.of(CHAIN + "Appending"),
                          "appended",
                          MethodTypeDesc.of(
                              ClassDesc.of("java.util.concurrent.CompletableFuture"),
                              ClassDesc.of(CHAIN + "ChainedBlock")))
                      .areturn()),
          instead(
              PlantedBug.SNAPSHOT_FORGETS_NUMBERS,
              PROCESSING + "SnapshotKeeper",
              "take",
              "chunks",
              LEDGER + "PlantedSnapshot"),
          instead(
              PlantedBug.SNAPSHOTS_THROW,
              PROCESSING + "SnapshotKeeper",
              "take",
              "chunks",
              LEDGER + "PlantedSnapshotFailure"),
          first(
              PlantedBug.MARK_ABOVE_UNANSWERED,
              LEDGER + "OutgoingPair",
              "lowestUnanswered",
              code ->
                  code.aload(0)
                      .invokevirtual(
                          ClassDesc.of(LEDGER + "OutgoingPair"),
                          "nextNumber",
                          MethodTypeDesc.of(CD_long))
                      .lreturn()),
          first(
              PlantedBug.CURSOR_WITHOUT_OVERLAP,
              SIMULATION + "ProcessStore",
              "overlapMillis",
              code -> code.lconst_0().lreturn()),
          instead(
              PlantedBug.ACCEPTED_BEFORE_DURABLE,
              GATEWAY + "Submissions",
              "submit",
              "thenApply",
              GATEWAY + "PlantedAnswer"),
          instead(
              PlantedBug.NOTICES_NAMED_BY_TIME,
              OUTBOX + "DeviceMail$Place",
              "rowId",
              "field",
              OUTBOX + "PlantedPlace"),
          instead(
              PlantedBug.NOTICES_NAMED_BY_TIME,
              OUTBOX + "DeviceMail$Place",
              "messageId",
              "field",
              OUTBOX + "PlantedPlace"),
          instead(
              PlantedBug.CREDITS_NOT_TOLD_AFTER_TAKE_OVER,
              PROCESSING + "WritingSession",
              "replayOutbox",
              "body",
              PROCESSING + "PlantedReplay"),
          instead(
              PlantedBug.EVICTION_IGNORED,
              CHAIN + "ChainValidator",
              "signedHeader",
              "isEvicted",
              CHAIN + "PlantedTrust"),
          instead(
              PlantedBug.REVOKED_ARE_BELIEVED,
              REGISTRY + "BankRecords",
              "speaks",
              "contains",
              REGISTRY + "PlantedBelief"),
          instead(
              PlantedBug.FORGED_UNLINKS_COUNT,
              GATEWAY + "DeviceDirectory",
              "linked",
              "isEmpty",
              GATEWAY + "PlantedAnswer"),
          first(PlantedBug.NOT_SIGNED_AGAIN, OUTBOX + "Resigning", "send", CodeBuilder::return_),
          first(
              PlantedBug.UNKNOWN_COUNTS_AS_DONE,
              "org.interseal.store.DurableInsert",
              "next",
              code -> {
                ClassDesc done = ClassDesc.of("org.interseal.store.DurableInsert$Next$Done");
                ClassDesc durable =
                    ClassDesc.of("org.interseal.store.DurableInsert$Result$Durable");
                ClassDesc result = ClassDesc.of("org.interseal.store.DurableInsert$Result");
                code.new_(done)
                    .dup()
                    .new_(durable)
                    .dup()
                    .lconst_0()
                    .iconst_0()
                    .iconst_1()
                    .invokespecial(
                        durable, "<init>", MethodTypeDesc.of(CD_void, CD_long, CD_int, CD_boolean))
                    .invokespecial(done, "<init>", MethodTypeDesc.of(CD_void, result))
                    .areturn();
              }));

  private Weavings() {}

  /** Does this before anything else that the method does. */
  static Weaving first(PlantedBug bug, String type, String method, Consumer<CodeBuilder> wrong) {
    return new Weaving(
        bug,
        type,
        method,
        new CodeTransform() {
          @Override
          public void atStart(CodeBuilder code) {
            Label right = code.newLabel();
            ask(code, bug).ifeq(right);
            wrong.accept(code);
            code.labelBinding(right);
          }

          @Override
          public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
          }
        });
  }

  /** Calls a static method of the same name on another class in place of a method. */
  static Weaving instead(PlantedBug bug, String type, String method, String called, String helper) {
    return new Weaving(
        bug,
        type,
        method,
        (code, element) -> {
          if (element instanceof InvokeInstruction call && call.name().equalsString(called)) {
            MethodTypeDesc wanted =
                call.opcode() == Opcode.INVOKESTATIC
                    ? call.typeSymbol()
                    : call.typeSymbol().insertParameterTypes(0, call.owner().asSymbol());
            Label right = code.newLabel();
            Label over = code.newLabel();
            ask(code, bug).ifeq(right);
            code.invokestatic(ClassDesc.of(helper), called, wanted).goto_(over);
            code.labelBinding(right).with(element).labelBinding(over);
          } else {
            code.with(element);
          }
        });
  }

  private static CodeBuilder ask(CodeBuilder code, PlantedBug bug) {
    return code.loadConstant(bug.name())
        .invokestatic(SWITCH, "isPlanted", MethodTypeDesc.of(CD_boolean, CD_String));
  }
}
