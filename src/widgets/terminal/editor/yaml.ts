/** Whether a file reads as YAML, as kubectl would say it. Fetched when a YAML file is edited. */
import { type ReadError, readManifests } from '../../../cli/index.ts';

export function faultOf(text: string): ReadError | undefined {
	const read = readManifests(text);
	return 'error' in read ? read : undefined;
}
