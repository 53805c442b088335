/** The mark on a ground of its own, for the tab of a browser. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#0f4c5c"/><path fill="#fff" d="M12 4a2.2 2.2 0 0 1 1.1 4.1V18a5.3 5.3 0 0 0 4.2-3.600l-1.7.8 2.4-4 1.9 4.3-1.3-.7A7.9 7.9 0 0 1 12 20a7.9 7.9 0 0 1-6.6-5.200l-1.3.7L6 11.200l2.4 4-1.7-.8A5.3 5.3 0 0 0 10.9 18V8.100A2.2 2.2 0 0 1 12 4Z"/></svg>
`;
