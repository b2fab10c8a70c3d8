import type { Feature } from '../feature.js';
import { ChangeCompanies } from './change-companies.js';
import { CompaniesHttp } from './companies.http.js';
import { CompaniesNats } from './companies.nats.js';
import { CompanyRepository } from './company.repository.js';
import { ReadCompanies } from './read-companies.js';

export const companies: Feature = {
  controllers: [CompaniesHttp, CompaniesNats],
  providers: [CompanyRepository, ReadCompanies, ChangeCompanies],
};
