/**
 * The API server of one cluster.
 *
 * ```ts
 * const api = createApiServer({ version: 'v1.24.0', now: () => lab.now, epoch: lab.epoch, random });
 * const pods = api.find('po')!;                     // plural, singular, short name, `deploy.apps`, `deploy.v1.apps`
 * const made = api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { … } });
 * if (made.error) print(`Error from server (${made.error.reason}): ${made.error.message}`);
 * api.watch(({ type, object }) => queue(object));   // after each write, in order; a listener may write
 * api.list(pods, { namespace: 'default', labelSelector: 'app=web' });   // in the order of etcd's keys
 * api.bind('default', 'a', 'worker');               // the scheduler
 * api.updateStatus({ ...pod, status });             // the kubelet, controllers
 * api.delete(pods, 'default', 'a');                 // marks a running pod; the kubelet deletes it with grace 0
 * collectGarbage(api); collectNamespaces(api);      // controllers call them after deletions
 * recordEvent(api, { object: pod, type: 'Normal', reason: 'Pulled', message: '…', component: 'kubelet', host });
 * await loadForPeople();                            // before the next one, and for what people bring
 * api.table(pods, list);                            // the cells of `kubectl get`
 * ```
 *
 * - An update or patch that changes nothing writes nothing: no revision, no watch event.
 * - `update` leaves status alone, `updateStatus` everything else, where the kind has that subresource. A
 *   `resourceVersion` in the input must be the stored one; leave it out to write regardless.
 * - kubectl from 1.25 writes with `fieldValidation: 'Strict'`; before, it asks `clientProblems` itself. `warnings` of a
 *   result, and `warning` of a Resource that is read, are printed as `Warning: …`.
 * - `createThreeWayPatch` is what apply sends for built-in kinds, `createThreeWayMergePatch` for custom ones.
 * - Words for types and fields are behind a door of their own, `docs/index.ts`.
 * - Objects are never changed in place: `draftOf` gives a copy to write into.
 * - Deleting a Namespace makes it Terminating; `collectNamespaces` empties and removes it.
 * - A CustomResourceDefinition makes its resource at once; `ciliumDefinitions` are Cilium's.
 * - `parseSelector` and `parseFieldSelector` answer upstream's error texts; `list` finds nothing by a
 *   selector that does not parse.
 * - Who writes is `fieldManager` of each write, or that of `asManager`; who owns which field, and server-side apply, are
 *   behind a door of their own, `managed/index.ts`.
 *
 * - Custom resources that people define are checked by their own schema once `loadForPeople` was awaited; Cilium's
 *   kinds are checked against the types in `schema`.
 * - Quotas and limits of a namespace hold from then on too.
 *
 * - Who may do what is `accessControl()`, once `loadForPeople` was awaited: the verbs themselves ask nobody.
 *
 * - Whoever hands over an object that may have expressions in CEL awaits `loadExpressions` before.
 *
 * Not modelled: conversion of custom resources.
 */

export type { Action, Authenticate, Decision, Identity } from './access/index.ts';
export { hasExpressions, loadExpressions } from './cel-later.ts';
export { type CiliumFeature, ciliumDefinitions } from './cilium-crds.ts';
export { clientProblems } from './client-check.ts';
export { decode } from './decode.ts';
export { type EventInput, forgetEvents, recordEvent } from './events.ts';
export { parseFieldSelector, selectsFields } from './field-selector.ts';
export { accessControl, customChecks, loadForPeople } from './for-people.ts';
export { collectGarbage, collectNamespaces, controllerOf, ownerReference } from './garbage.ts';
export { clone, type Draft, equal, isRecord } from './json.ts';
export { readPath } from './json-path.ts';
export { nameErrors } from './meta.ts';
export type * from './object.ts';
export { applyPatch, mergePatch } from './patch.ts';
export { createPatch, createThreeWayMergePatch, createThreeWayPatch } from './patch-create.ts';
export * from './pki/index.ts';
export { withCondition } from './pod-subresources.ts';
export { podStatus } from './printers/pod.ts';
export { apiVersionOf } from './resources.ts';
export { canScale } from './scale.ts';
export * from './schema/index.ts';
export {
	formatSelector,
	labelSelector,
	mapSelector,
	parseSelector,
	type Requirement,
	type Selector,
	selects,
} from './selector.ts';
export { asManager, createApiServer, draftOf, type ServerOptions } from './server.ts';
export {
	accountKey,
	accountKeyId,
	base64Url,
	type Claims,
	legacyToken,
	serviceAccountToken,
	TOKEN_ISSUER,
} from './service-account-token.ts';
export { qualified, qualifiedKind } from './status.ts';
export { base64 } from './strategies/cluster.ts';
export { qosClass } from './strategies/pod.ts';
export { age, formatMicroTime, formatTime, humanDuration, parseTime } from './time.ts';
export { civilDay, zoneOffset } from './time-zone.ts';
export { quantity } from './values.ts';
export type { CalledOut, CallOut } from './webhooks/call.ts';
