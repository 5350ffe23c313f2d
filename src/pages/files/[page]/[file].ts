import type { APIContext } from 'astro';
import { lessonFile } from '../../../components/lesson-files.ts';
import { LESSONS } from '../../../components/lessons.ts';

/** A lesson's files for a real cluster, as they are. */
export function getStaticPaths() {
	return [...LESSONS.values()].flatMap(({ id, files }) =>
		files.map((file) => ({ params: { page: id, file }, props: { text: lessonFile(id, file) } })),
	);
}

export function GET({ props }: APIContext): Response {
	return new Response(props.text as string, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
