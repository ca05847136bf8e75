import type { ArtifactLocation } from 'sarif';

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\//i;
const LONE_SURROGATE = /\p{Cs}/gu;

/** Where an artifact is: a percent-encoded path below the scanned root, or the address it was read from. */
export function artifactLocation(path: string): ArtifactLocation {
  const wellFormed = path.replaceAll(LONE_SURROGATE, '\ufffd');
  if (REMOTE.test(wellFormed) && URL.canParse(wellFormed)) return { uri: new URL(wellFormed).href };
  return { uri: wellFormed.split('/').map(encodeSegment).join('/'), uriBaseId: '%SRCROOT%' };
}

/** Why more than encodeURIComponent: RFC 3986 reserves `!'()*` too, and GitHub cuts a URI at some of them. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
