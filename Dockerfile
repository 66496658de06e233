# All images of Interseal: docker build --target <key-registry|bank-server|client-gateway|branch-agent|launcher> .
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
RUN mvn -B -DskipTests package -pl launcher -am

FROM ${RUNTIME_IMAGE} AS runtime
WORKDIR /opt/interseal
COPY compose/health /usr/local/bin/health
# A volume that is first mounted on a directory of an image takes its owner: this is how files get theirs without root.
RUN mkdir -m 700 /var/lib/interseal && chown 10001:10001 /var/lib/interseal
USER 10001:10001
# The C library keeps memory for each thread that ever asked for some.
ENV MALLOC_ARENA_MAX=2
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "service.jar"]

FROM runtime AS key-registry
COPY --from=build /build/key-registry/target/key-registry-*-exec.jar service.jar

FROM runtime AS bank-server
COPY --from=build /build/bank-server/target/bank-server-*-exec.jar service.jar

FROM runtime AS client-gateway
COPY --from=build /build/client-gateway/target/client-gateway-*-exec.jar service.jar

FROM runtime AS branch-agent
COPY --from=build /build/branch-agent/target/branch-agent-*-exec.jar service.jar

FROM runtime AS launcher
USER root
RUN for home in authority monitoring store/store-1 store/store-2 store/store-3; do mkdir -p /federation/$home; done \
 && for bank in BKAAXX00 BKABXX00; do for node in server-1 server-2 gateway-1 gateway-2 branch-1; do mkdir -p /federation/banks/$bank/$node; done; done \
 && chmod -R go-rwx /federation && chown -R 10001:10001 /federation
USER 10001:10001
COPY --from=build /build/launcher/target/distribution lib/
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-cp", "lib/*", "org.interseal.launcher.Interseal"]
