/** Event ids are for ever: they are those that the package uuid makes. */
import fc from 'fast-check';
import { v5 } from 'uuid';
import { uuidV5 } from '../../src/encoding/uuid.js';

test('version 5 UUIDs equal the package uuid’s', () => {
  // A UUID of version 5 is that of the package uuid, whatever the name.
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.uuid(), (name, namespace) => {
      expect(uuidV5(name, namespace)).toBe(v5(name, namespace));
    }),
  );
});

test('the example of RFC 9562', () => {
  expect(uuidV5('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});
