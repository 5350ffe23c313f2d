/** Values of a kustomization by what they should be: what is something else counts as nothing. */
import { isRecord } from '../../../sim/api/index.ts';
import type { Draft } from './resource.ts';

export const strings = (value: unknown): readonly string[] =>
	Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
export const records = (value: unknown): readonly Draft[] => (Array.isArray(value) ? value.filter(isRecord) : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
