import type { APIContext } from 'astro';
import { LESSONS } from '../../../components/lessons.ts';

const FILES = import.meta.glob<string>('../../../../content/*/files/*', {
	query: '?raw',
	import: 'default',
	eager: true,
});

/** A lesson's files for a real cluster, as they are. */
export function getStaticPaths() {
	return [...LESSONS.values()].flatMap(({ id, files }) =>
		files.map((file) => {
			const text = FILES[`../../../../content/${id}/files/${file}`];
			if (text === undefined) throw new Error(`content/${id}/files/${file} is not there`);
			return { params: { page: id, file }, props: { text } };
		}),
	);
}

export function GET({ props }: APIContext): Response {
	return new Response(props.text as string, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
