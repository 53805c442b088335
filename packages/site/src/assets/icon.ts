/** The mark on a ground of its own, for the tab of a browser. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#0f4c5c"/><path fill="#fff" d="M12 4a2.2 2.2 0 0 1 1.1 4.1V18a5.300 5.300 0 0 0 4.200-3.600l-1.700.8 2.400-4 1.900 4.300-1.300-.7A7.900 7.900 0 0 1 12 20a7.900 7.900 0 0 1-6.600-5.200l-1.300.7L6 11.200l2.400 4-1.700-.8A5.300 5.300 0 0 0 10.900 18V8.100A2.200 2.200 0 0 1 12 4Z"/></svg>
`;
