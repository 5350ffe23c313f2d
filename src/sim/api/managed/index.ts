/**
 * Who owns which fields of objects, and server-side apply. Behind a door of its own: only kubectl asks.
 *
 * ```ts
 * serverSideApply(api, manifest, { manager: 'kubectl' });        // 409 Conflict where others own what it changes
 * withManagedFields(api, pods, pod).metadata.managedFields;      // what --show-managed-fields shows
 * ```
 */
export { type ApplyOptions, adoptClientSide, serverSideApply } from './apply.ts';
export { withManagedFields } from './managers.ts';
