/**
 * What every Spring service of the federation shares: configuration, stores, vault, operators'
 * access, problem details, log correlation and metrics. All of it is auto-configured; a service
 * starts with {@link org.interseal.service.ServiceApplication}.
 *
 * <p>Contexts are kept light, because a local federation runs dozens of them in one process:
 * virtual threads, no JMX, no banner, small limits ({@link org.interseal.service.ServiceDefaults}).
 */
@NullMarked
package org.interseal.service;

import org.jspecify.annotations.NullMarked;
