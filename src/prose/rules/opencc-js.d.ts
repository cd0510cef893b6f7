/** What is used of OpenCC: its own declarations name each other without extensions, and resolve nowhere here. */
declare module 'opencc-js/t2cn' {
  export function Converter(options: { readonly from: 't'; readonly to: 'cn' }): (text: string) => string;
}

declare module 'opencc-js/cn2t' {
  export function Converter(options: { readonly from: 'cn'; readonly to: 't' }): (text: string) => string;
}
