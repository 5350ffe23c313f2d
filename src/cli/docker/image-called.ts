/** Images by what people call them. */
import type { Lab } from '../../sim/lab/index.ts';

export type Image = ReturnType<Lab['docker']['images']>[number];

export const withTag = (name: string): string => (/[:@][^/]*$/.test(name) ? name : `${name}:latest`);

/** An image by name, with or without its tag, or by the beginning of its id. */
export const imageCalled = (lab: Lab, name: string): Image | undefined => {
	const full = withTag(name).replace(/^docker\.io\/(?:library\/)?/, '');
	return lab.docker
		.images()
		.find(
			(i) =>
				`${i.repository}:${i.tag}` === full ||
				`${i.repository}@${i.digest}` === full ||
				(/^(?:sha256:)?[0-9a-f]{4,}$/.test(name) &&
					i.id.replace('sha256:', '').startsWith(name.replace('sha256:', ''))),
		);
};
