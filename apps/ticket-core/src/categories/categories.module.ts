import type { Feature } from '../feature.js';
import { Categories } from './categories.js';
import { CategoriesHttp } from './categories.http.js';
import { CategoriesNats } from './categories.nats.js';
import { CategoryBook } from './category-book.js';
import { CategoryRepository } from './category.repository.js';

export const categories: Feature = {
  controllers: [CategoriesHttp, CategoriesNats],
  providers: [CategoryRepository, CategoryBook, Categories],
};
